import { storePart } from '../elementwise/binary';
import { Job, argument, lanes, setArgument } from '../pool/job';
import { parallel } from '../pool/parallel';
import { exp } from '../simd/exp';
import { firstLanes, lanesLeft, sumOfLanes } from '../simd/lanes';
import { exponentials, largest, largestLane, scaleVectors, storeLeft } from './chains';

/** Rows a unit of work covers: at least so many elements. */
const UNIT: usize = 8192;

/** Rows of more than 16 values: three passes over a row that stays in the first-level cache. */
// @ts-ignore: decorator
@inline
function longRows(x: usize, y: usize, n: usize, r0: usize, r1: usize): void {
  const whole = (n & ~3) << 2;
  for (let r = r0; r < r1; r++) {
    const from = x + (r * n << 2), to = y + (r * n << 2);
    const top = f32x4.splat(largest(from, n));
    // Before the vectors in front are written: a softmax in place reads them here.
    let rest = f32x4.splat(0);
    if (n & 3) rest = v128.and(exp(f32x4.sub(v128.load(from + whole), top)), firstLanes(n & 3));
    const factor: f32 = 1 / sumOfLanes(f32x4.add(exponentials(from, to, whole, top), rest));
    scaleVectors(to, whole, factor);
    if (n & 3) storePart(to + whole, f32x4.mul(rest, f32x4.splat(factor)), n & 3);
  }
}

/** Up to 16 values, as classes often are: the whole row is in registers. */
function shortRows(x: usize, y: usize, n: usize, r0: usize, r1: usize): void {
  const m0 = lanesLeft(n, 0), m1 = lanesLeft(n, 16), m2 = lanesLeft(n, 32), m3 = lanesLeft(n, 48);
  const none = f32x4.splat(-Infinity), zero = f32x4.splat(0);
  for (let r = r0; r < r1; r++) {
    const from = x + (r * n << 2), to = y + (r * n << 2);
    const a = v128.load(from), b = v128.load(from, 16), c = v128.load(from, 32), d = v128.load(from, 48);
    let high = f32x4.pmax(none, v128.bitselect(a, none, m0));
    if (n > 4) high = f32x4.pmax(high, v128.bitselect(b, none, m1));
    if (n > 8) high = f32x4.pmax(high, v128.bitselect(c, none, m2));
    if (n > 12) high = f32x4.pmax(high, v128.bitselect(d, none, m3));
    const top = f32x4.splat(largestLane(high));
    // Behind the end of the row may be anything.
    const e = v128.and(exp(v128.and(f32x4.sub(a, top), m0)), m0);
    let f = zero, g = zero, h = zero;
    if (n > 4) f = v128.and(exp(v128.and(f32x4.sub(b, top), m1)), m1);
    if (n > 8) g = v128.and(exp(v128.and(f32x4.sub(c, top), m2)), m2);
    if (n > 12) h = v128.and(exp(v128.and(f32x4.sub(d, top), m3)), m3);
    const factor = f32x4.splat(1 / sumOfLanes(f32x4.add(f32x4.add(e, f), f32x4.add(g, h))));
    storeLeft(to, f32x4.mul(e, factor), n, 0);
    if (n > 4) storeLeft(to, f32x4.mul(f, factor), n, 16);
    if (n > 8) storeLeft(to, f32x4.mul(g, factor), n, 32);
    if (n > 12) storeLeft(to, f32x4.mul(h, factor), n, 48);
  }
}

// @ts-ignore: decorator
@inline
function rows(x: usize, y: usize, n: usize, r0: usize, r1: usize): void {
  if (n <= 16) shortRows(x, y, n, r0, r1);
  else longRows(x, y, n, r0, r1);
}

/** Softmax of `count` rows of n values. The largest value is taken off first, so nothing overflows. */
export function softmax(x: usize, y: usize, count: usize, n: usize): void {
  if (lanes() == 1 || count * n <= UNIT) return rows(x, y, n, 0, count);
  setArgument(0, <u32>x);
  setArgument(1, <u32>y);
  setArgument(2, <u32>n);
  setArgument(3, <u32>count);
  const perUnit = max<usize>(1, UNIT / n);
  setArgument(4, <u32>perUnit);
  parallel(Job.Softmax, <i32>((count + perUnit - 1) / perUnit));
}

export function softmaxUnit(unit: i32): void {
  const first = <usize>unit * argument(4);
  rows(argument(0), argument(1), argument(2), first, min<usize>(argument(3), first + argument(4)));
}
