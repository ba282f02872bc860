/** A matrix product `[m, k] x [k, n]`; an operand that is transposed lies in memory the other way round. */
export interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Nanoseconds an element, measured: packing the right operand costs about three times a transposition. */
const PACK = 3;
const TRANSPOSE = 1;

/**
 * How to make a plain product of one with transposed operands: `direct` transposes those operands; `swapped` computes the transposed
 * result, `C' = B' A'`, and turns it round. Whichever moves fewer elements.
 */
export function productPlan({ m, k, n, transposeA, transposeB }: Product): 'direct' | 'swapped' {
  if (!transposeA && !transposeB) return 'direct';
  const direct = (transposeA ? TRANSPOSE * k * m : 0) + (transposeB ? TRANSPOSE * n * k : 0) + PACK * k * n;
  const swapped =
    (transposeB ? 0 : TRANSPOSE * k * n) + (transposeA ? 0 : TRANSPOSE * m * k) + PACK * k * m + TRANSPOSE * m * n;
  return direct <= swapped ? 'direct' : 'swapped';
}
