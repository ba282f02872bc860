const known = new Map<number, readonly [multiplier: number, shift: number]>();

/**
 * How kernels divide by `d`, 1 to 2^31 - 1, without a division: `n / d` is the upper half of the 64 bits of `2 n * multiplier`, shifted to the right, for whole n from 0 to 2^31 - 1.
 *
 * The multiplier is `2^(31 + shift) / d` rounded up, with `2^(shift - 1) < d <= 2^shift`: what is too much in it, below d, times n is below `2^(31 + shift)`. Source: Granlund and
 * Montgomery, "Division by Invariant Integers using Multiplication", 1994.
 */
export function divider(d: number): readonly [multiplier: number, shift: number] {
  let pair = known.get(d);
  if (pair === undefined) {
    if (known.size >= 4096) known.clear();
    known.set(d, (pair = made(d)));
  }
  return pair;
}

function made(d: number): readonly [multiplier: number, shift: number] {
  const shift = 32 - Math.clz32(d - 1);
  const divisor = BigInt(d);
  return [Number(((1n << BigInt(31 + shift)) + divisor - 1n) / divisor), shift];
}
