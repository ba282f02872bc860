import { Constant, constant } from './constants';
import { exp, sigmoid } from './exp';

// Two vectors at a time: each constant is loaded once for both, one test covers both, and the second fills the pauses of the first. The operations are those
// of exp.ts, so are the bits.

/** True where all eight are below 87 in size. */
// @ts-ignore: decorator
@inline
function arePlain(a: v128, b: v128): bool {
  const size = constant(Constant.SIZE_BITS);
  return i32x4.bitmask(i32x4.ge_s(i32x4.max_s(v128.and(a, size), v128.and(b, size)), constant(Constant.PLAIN_EXPONENT))) == 0;
}

/** e^a and e^b to y and behind it; returns their sum. */
// @ts-ignore: decorator
@inline
export function expPair(a: v128, b: v128, y: usize): v128 {
  if (!arePlain(a, b)) {
    const first = exp(a), second = exp(b);
    v128.store(y, first);
    v128.store(y, second, 16);
    return f32x4.add(first, second);
  }
  const inverse = constant(Constant.LOG2_E), rounder = constant(Constant.ROUNDER);
  const s = f32x4.add(f32x4.mul(a, inverse), rounder), t = f32x4.add(f32x4.mul(b, inverse), rounder);
  const m = f32x4.sub(s, rounder), n = f32x4.sub(t, rounder);
  const high = constant(Constant.LN2_HIGH), low = constant(Constant.LN2_LOW);
  a = f32x4.sub(f32x4.sub(a, f32x4.mul(m, high)), f32x4.mul(m, low));
  b = f32x4.sub(f32x4.sub(b, f32x4.mul(n, high)), f32x4.mul(n, low));
  let c = constant(Constant.EXP_4), d = constant(Constant.EXP_3);
  let p = f32x4.add(f32x4.mul(a, c), d), q = f32x4.add(f32x4.mul(b, c), d);
  c = constant(Constant.EXP_2);
  p = f32x4.add(f32x4.mul(p, a), c); q = f32x4.add(f32x4.mul(q, b), c);
  c = constant(Constant.EXP_1);
  p = f32x4.add(f32x4.mul(p, a), c); q = f32x4.add(f32x4.mul(q, b), c);
  c = constant(Constant.HALF);
  p = f32x4.add(f32x4.mul(p, a), c); q = f32x4.add(f32x4.mul(q, b), c);
  d = constant(Constant.ONE);
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(a, a), p), a), d);
  q = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(b, b), q), b), d);
  p = i32x4.add(p, i32x4.shl(s, 23));
  q = i32x4.add(q, i32x4.shl(t, 23));
  v128.store(y, p);
  v128.store(y, q, 16);
  return f32x4.add(p, q);
}

/** 1 / (1 + e^-a) and 1 / (1 + e^-b) to y and behind it. */
// @ts-ignore: decorator
@inline
export function sigmoidPair(a: v128, b: v128, y: usize): void {
  if (!arePlain(a, b)) {
    const first = sigmoid(a);
    v128.store(y, first);
    v128.store(y, sigmoid(b), 16);
    return;
  }
  const inverse = constant(Constant.MINUS_LOG2_E), rounder = constant(Constant.ROUNDER);
  const s = f32x4.add(f32x4.mul(a, inverse), rounder), t = f32x4.add(f32x4.mul(b, inverse), rounder);
  const m = f32x4.sub(s, rounder), n = f32x4.sub(t, rounder);
  const high = constant(Constant.LN2_HIGH), low = constant(Constant.LN2_LOW);
  a = f32x4.add(f32x4.add(a, f32x4.mul(m, high)), f32x4.mul(m, low));
  b = f32x4.add(f32x4.add(b, f32x4.mul(n, high)), f32x4.mul(n, low));
  let c = constant(Constant.EXP_4), d = constant(Constant.EXP_3);
  let p = f32x4.sub(f32x4.mul(a, c), d), q = f32x4.sub(f32x4.mul(b, c), d);
  c = constant(Constant.EXP_2);
  p = f32x4.add(f32x4.mul(p, a), c); q = f32x4.add(f32x4.mul(q, b), c);
  c = constant(Constant.EXP_1);
  p = f32x4.sub(f32x4.mul(p, a), c); q = f32x4.sub(f32x4.mul(q, b), c);
  c = constant(Constant.HALF);
  p = f32x4.add(f32x4.mul(p, a), c); q = f32x4.add(f32x4.mul(q, b), c);
  p = f32x4.sub(f32x4.mul(f32x4.mul(a, a), p), a);
  q = f32x4.sub(f32x4.mul(f32x4.mul(b, b), q), b);
  const one = constant(Constant.ONE);
  const v = i32x4.add(i32x4.shl(s, 23), one), w = i32x4.add(i32x4.shl(t, 23), one);
  c = f32x4.add(one, v); d = f32x4.add(one, w);
  p = f32x4.add(f32x4.mul(p, v), f32x4.sub(one, f32x4.sub(c, v)));
  q = f32x4.add(f32x4.mul(q, w), f32x4.sub(one, f32x4.sub(d, w)));
  // An engine that joins two vectors writes the first one twice where it is stored first.
  p = f32x4.div(one, f32x4.add(c, p));
  q = f32x4.div(one, f32x4.add(d, q));
  v128.store(y, q, 16);
  v128.store(y, p);
}
