const LOG2_E: f32 = 1.44269504088896341;
// ln 2 in two parts: the first has nine bits, so a whole multiple of it is exact.
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

/** 2^n for whole n from -126 to 127. */
// @ts-ignore: decorator
@inline
function power(n: v128): v128 { return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23); }

/** (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, fitted; error 3.4e-9 of e^r. */
// @ts-ignore: decorator
@inline
function tail(r: v128): v128 {
  let p = f32x4.add(f32x4.mul(r, f32x4.splat(0.0013942924560979009)), f32x4.splat(0.008369393646717072));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.04166637733578682));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.16666515171527863));
  return f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
}

/** e^x: x = n ln 2 + r, e^r by a polynomial, times 2^n in two steps so that results below the normal range are right too. At most 1 ulp. */
export function exp(x: v128): v128 {
  x = f32x4.min(f32x4.max(x, f32x4.splat(-104)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E)));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  const y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), tail(r)), r), f32x4.splat(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(y, power(half)), power(i32x4.sub(whole, half)));
}

/** e^x - 1 without the loss near 0: 2^n (e^r - 1) + (2^n - 1). At most 2 ulp. */
export function expm1(x: v128): v128 {
  const bounded = f32x4.min(f32x4.max(x, f32x4.splat(-18)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(LOG2_E)));
  const r = f32x4.sub(f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  const p = f32x4.add(f32x4.mul(f32x4.mul(r, r), tail(r)), r);
  // Half of 2^n, so that the largest n has one.
  const half = power(i32x4.sub(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(1)));
  const result = f32x4.add(f32x4.mul(half, p), f32x4.sub(half, f32x4.splat(0.5)));
  // Zero keeps its sign, and numbers so small that their square is lost stay what they are.
  return v128.bitselect(x, f32x4.add(result, result), f32x4.lt(f32x4.abs(x), f32x4.splat(1e-20)));
}

/** 1 / (1 + e^-x), from z = e^-|x| so that neither end overflows; what rounding 1 + z lost is made good. At most 2 ulp. */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  const z = exp(f32x4.neg(f32x4.abs(x)));
  const negative = f32x4.lt(x, f32x4.splat(0));
  const sum = f32x4.add(one, z);
  const lost = f32x4.sub(z, f32x4.sub(sum, one));
  const y = f32x4.div(v128.bitselect(z, one, negative), sum);
  const inverse = v128.bitselect(f32x4.sub(one, y), y, negative);
  return f32x4.sub(y, f32x4.mul(f32x4.mul(y, lost), inverse));
}

/** tanh x: below 0.625 x + x^3 p(x^2), fitted with error 4.2e-9; above it 1 - 2 / (e^2|x| + 1). At most 2 ulp. */
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.add(f32x4.mul(z, f32x4.splat(-0.005714063532650471)), f32x4.splat(0.020648062229156494));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-0.053742773830890656));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.1333148330450058));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-0.3333328366279602));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const e = exp(f32x4.add(size, size));
  const one = f32x4.splat(1);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const sign = v128.and(x, i32x4.splat(<i32>0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.625)));
}

/** The error function: below 0.92 x + x p(x^2), above it 1 - e^(-x q(x)), both fitted with errors below 4e-10. At most 2 ulp. */
export function erf(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.add(f32x4.mul(z, f32x4.splat(7.968411227921024e-05)), f32x4.splat(-0.0008043629350140691));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.005191936623305082));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-0.0268555860966444));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.11283624172210693));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-0.3761262893676758));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.12837916612625122));
  const near = f32x4.add(f32x4.mul(p, x), x);
  // Beyond 4 the result is 1 to the last bit. min keeps NaN.
  const t = f32x4.min(size, f32x4.splat(4));
  let q = f32x4.add(f32x4.mul(t, f32x4.splat(4.940955477650277e-06)), f32x4.splat(-4.561119567370042e-05));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-4.9451682571088895e-05));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0029298339504748583));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-0.02267369255423546));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.10526234656572342));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.635625422000885));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(1.128551721572876));
  const far = f32x4.sub(f32x4.splat(1), exp(f32x4.neg(f32x4.mul(q, t))));
  const sign = v128.and(x, i32x4.splat(<i32>0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.92)));
}
