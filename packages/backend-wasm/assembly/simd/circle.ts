import { Constant, constant } from './constants';

// Sine and cosine of whole turns: for t in [0, 1) a quarter turn comes off without rounding, so no angle is too large for the reduction.

/** sin 2 pi r for |r| <= 1/8; the largest factor is in two parts. */
// @ts-ignore: decorator
@inline
function sinePart(r: v128, z: v128): v128 {
  let p = f32x4.add(f32x4.mul(z, constant(Constant.SINE_4)), constant(Constant.SINE_3));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.SINE_2));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.SINE_1));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.SINE_0));
  return f32x4.add(f32x4.mul(p, r), f32x4.mul(r, constant(Constant.SINE_TURN)));
}

/** cos 2 pi r for |r| <= 1/8. */
// @ts-ignore: decorator
@inline
function cosinePart(z: v128): v128 {
  let p = f32x4.add(f32x4.mul(z, constant(Constant.COSINE_4)), constant(Constant.COSINE_3));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.COSINE_2));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.COSINE_1));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.COSINE_0));
  return f32x4.add(f32x4.mul(p, z), constant(Constant.ONE));
}

/** What is left of t after q quarter turns. */
// @ts-ignore: decorator
@inline
function rest(t: v128, q: v128): v128 { return f32x4.sub(t, f32x4.mul(q, constant(Constant.QUARTER))); }

// @ts-ignore: decorator
@inline
function choose(sines: bool, t: v128): v128 {
  const q = f32x4.nearest(f32x4.mul(t, constant(Constant.FOUR)));
  const r = rest(t, q);
  const z = f32x4.mul(r, r);
  const quarter = i32x4.trunc_sat_f32x4_s(q);
  const odd = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
  const s = sinePart(r, z), c = cosinePart(z);
  const size = sines ? v128.bitselect(c, s, odd) : v128.bitselect(s, c, odd);
  const turned = sines ? quarter : i32x4.add(quarter, constant(Constant.ONE_WHOLE));
  return v128.xor(size, i32x4.shl(v128.and(turned, constant(Constant.TWO_WHOLE)), 30));
}

/** sin 2 pi t for t in [0, 1): at most 1 ulp. */
// @ts-ignore: decorator
@inline
export function sine(t: v128): v128 { return choose(true, t); }

/** cos 2 pi t for t in [0, 1): at most 1 ulp. */
// @ts-ignore: decorator
@inline
export function cosine(t: v128): v128 { return choose(false, t); }
