import { storePart } from '../elementwise/binary';
import { Job, argument, lanes, setArgument } from '../pool/job';
import { parallel } from '../pool/parallel';
import { exp } from '../simd/exp';
import { exponentials } from './chains';

/** Rows a unit of work covers: at least so many elements. */
const UNIT: usize = 8192;

// @ts-ignore: decorator
@inline
export function across(a: v128, largest: bool): f32 {
  let b = v128.shuffle<f32>(a, a, 2, 3, 0, 1);
  a = largest ? f32x4.max(a, b) : f32x4.add(a, b);
  b = v128.shuffle<f32>(a, a, 1, 0, 3, 2);
  return f32x4.extract_lane(largest ? f32x4.max(a, b) : f32x4.add(a, b), 0);
}

/** The last vector of a row with another value where the row has ended. */
// @ts-ignore: decorator
@inline
export function last(v: v128, n: usize, instead: f32): v128 {
  const inside = i32x4.lt_s(v128.replace_lane<i32>(v128.replace_lane<i32>(v128.replace_lane<i32>(i32x4.splat(0), 1, 1), 2, 2), 3, 3), i32x4.splat(<i32>(n & 3)));
  return v128.bitselect(v, f32x4.splat(instead), inside);
}

function rows(x: usize, y: usize, n: usize, r0: usize, r1: usize): void {
  const whole = (n & ~3) << 2;
  for (let r = r0; r < r1; r++) {
    const from = x + (r * n << 2), to = y + (r * n << 2);
    let high = f32x4.splat(-Infinity);
    for (let i: usize = 0; i < whole; i += 16) high = f32x4.max(high, v128.load(from + i));
    if (n & 3) high = f32x4.max(high, last(v128.load(from + whole), n, -Infinity));
    const top = f32x4.splat(across(high, true));
    let sum = exponentials(from, to, whole, top);
    if (n & 3) {
      const e = last(exp(f32x4.sub(v128.load(from + whole), top)), n, 0);
      sum = f32x4.add(sum, e);
      storePart(to + whole, e, n & 3);
    }
    const total = f32x4.splat(across(sum, false));
    for (let i: usize = 0; i < whole; i += 16) v128.store(to + i, f32x4.div(v128.load(to + i), total));
    if (n & 3) storePart(to + whole, f32x4.div(v128.load(to + whole), total), n & 3);
  }
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
