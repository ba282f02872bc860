import { exp } from '../simd/exp';

/** So many bytes are summed in one chain before their sum joins that of the row: a row of a vocabulary loses no more to rounding than a short one. */
const CHAIN: usize = 4096;

/** y = e^(x - top) for whole vectors; returns the sums of the four lanes. */
// @ts-ignore: decorator
@inline
export function exponentials(x: usize, y: usize, whole: usize, top: v128): v128 {
  let total = f32x4.splat(0);
  for (let start: usize = 0; start < whole; start += CHAIN) {
    const end = min(whole, start + CHAIN);
    let sum = f32x4.splat(0);
    for (let i = start; i < end; i += 16) {
      const e = exp(f32x4.sub(v128.load(x + i), top));
      sum = f32x4.add(sum, e);
      v128.store(y + i, e);
    }
    total = f32x4.add(total, sum);
  }
  return total;
}

/** The sums of the four lanes of whole vectors. */
// @ts-ignore: decorator
@inline
export function sumOfVectors(x: usize, whole: usize): v128 {
  let total = f32x4.splat(0);
  for (let start: usize = 0; start < whole; start += CHAIN) {
    const end = min(whole, start + CHAIN);
    let sum = f32x4.splat(0);
    for (let i = start; i < end; i += 16) sum = f32x4.add(sum, v128.load(x + i));
    total = f32x4.add(total, sum);
  }
  return total;
}
