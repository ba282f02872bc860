import { storePart } from '../elementwise/binary';
import { exp } from '../simd/exp';
import { expPair } from '../simd/exp-pair';
import { firstLanes } from '../simd/lanes';

/** So many bytes are summed in one chain before their sum joins that of the row: a row of a vocabulary loses no more to rounding than a short one. */
const CHAIN: usize = 4096;

// Functions of their own, not inlined: V8 keeps the values of a loop in registers when nothing else is in its function.

/** The largest of n numbers. NaN is passed over: it comes through the sum of the exponentials. */
export function largest(x: usize, n: usize): f32 {
  const whole = (n & ~3) << 2;
  let a = f32x4.splat(-Infinity), b = a, c = a, d = a;
  let i: usize = 0;
  // pmax is one instruction where max is eight.
  for (; i + 64 <= whole; i += 64) {
    a = f32x4.pmax(a, v128.load(x + i)); b = f32x4.pmax(b, v128.load(x + i, 16));
    c = f32x4.pmax(c, v128.load(x + i, 32)); d = f32x4.pmax(d, v128.load(x + i, 48));
  }
  for (; i < whole; i += 16) a = f32x4.pmax(a, v128.load(x + i));
  if (n & 3) b = f32x4.pmax(b, v128.bitselect(v128.load(x + whole), f32x4.splat(-Infinity), firstLanes(n & 3)));
  return largestLane(f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)));
}

/** The largest of four lanes, of which none is NaN. */
// @ts-ignore: decorator
@inline
export function largestLane(a: v128): f32 {
  a = f32x4.pmax(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(a, v128.shuffle<f32>(a, a, 1, 0, 3, 2)), 0);
}

/** y = y * factor for whole vectors. */
export function scaleVectors(y: usize, whole: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  let i: usize = 0;
  for (; i + 64 <= whole; i += 64) {
    v128.store(y + i, f32x4.mul(v128.load(y + i), f)); v128.store(y + i, f32x4.mul(v128.load(y + i, 16), f), 16);
    v128.store(y + i, f32x4.mul(v128.load(y + i, 32), f), 32); v128.store(y + i, f32x4.mul(v128.load(y + i, 48), f), 48);
  }
  for (; i < whole; i += 16) v128.store(y + i, f32x4.mul(v128.load(y + i), f));
}

/** y = e^(x - top) for whole vectors; returns the sums of the four lanes. */
export function exponentials(x: usize, y: usize, whole: usize, top: v128): v128 {
  let total = f32x4.splat(0);
  for (let start: usize = 0; start < whole; start += CHAIN) {
    const end = min(whole, start + CHAIN);
    let sum = f32x4.splat(0);
    let i = start;
    for (; i + 32 <= end; i += 32) sum = f32x4.add(sum, expPair(f32x4.sub(v128.load(x + i), top), f32x4.sub(v128.load(x + i, 16), top), y + i));
    if (i < end) {
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

/** Stores the vector at byte `at` of a row of n elements, as far as the row goes. */
// @ts-ignore: decorator
@inline
export function storeLeft(row: usize, v: v128, n: usize, at: usize): void {
  const left = n - (at >> 2);
  if (left >= 4) v128.store(row + at, v);
  else storePart(row + at, v, left);
}
