import { Constant, constant } from './constants';
/** (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, fitted; error 3.4e-9 of e^r. */
// @ts-ignore: decorator
@inline
function tail(r: v128): v128 {
  let p = f32x4.add(f32x4.mul(r, constant(Constant.EXP_4)), constant(Constant.EXP_3));
  p = f32x4.add(f32x4.mul(p, r), constant(Constant.EXP_2));
  p = f32x4.add(f32x4.mul(p, r), constant(Constant.EXP_1));
  return f32x4.add(f32x4.mul(p, r), constant(Constant.HALF));
}

// x / ln 2 plus 1.5 * 2^23 is a number whose last bits are the nearest whole n: no conversion, and a shift makes 2^n of them.

// @ts-ignore: decorator
@inline
function shifted(x: v128): v128 { return f32x4.add(f32x4.mul(x, constant(Constant.LOG2_E)), constant(Constant.ROUNDER)); }

/** What is left of x when n ln 2 is taken off. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, t: v128): v128 {
  const n = f32x4.sub(t, constant(Constant.ROUNDER));
  return f32x4.sub(f32x4.sub(x, f32x4.mul(n, constant(Constant.LN2_HIGH))), f32x4.mul(n, constant(Constant.LN2_LOW)));
}

/** e^r for |r| <= ln 2 / 2. */
// @ts-ignore: decorator
@inline
function small(r: v128): v128 { return f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), tail(r)), r), constant(Constant.ONE)); }

/** e^x: x = n ln 2 + r, e^r by a polynomial, times 2^n. At most 1 ulp, also where the result is below the normal range. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  return isPlain(x) ? plainExp(x) : expOfAny(x);
}

/** True where all four are below 87 in size; bits of floats above 0 have the order of whole numbers, NaN comes last. */
// @ts-ignore: decorator
@inline
export function isPlain(x: v128): bool {
  return i32x4.bitmask(i32x4.ge_s(v128.and(x, constant(Constant.SIZE_BITS)), constant(Constant.PLAIN_EXPONENT))) == 0;
}

/** The same with 2^n in two steps, which reach below the normal range and to infinity. */
export function expOfAny(x: v128): v128 {
  // pmax and pmin keep NaN.
  x = f32x4.pmin(f32x4.pmax(x, constant(Constant.SMALLEST_EXPONENT)), constant(Constant.LARGEST_EXPONENT));
  const t = shifted(x);
  const half = v128.and(i32x4.shl(t, 22), constant(Constant.EXPONENT_BITS));
  const rest = i32x4.sub(i32x4.shl(t, 23), half);
  const one = constant(Constant.ONE_BITS);
  return f32x4.mul(f32x4.mul(small(remainder(x, t)), i32x4.add(half, one)), i32x4.add(rest, one));
}

/** e^x - 1 without the loss near 0: 2^n (e^r - 1) + (2^n - 1). At most 2 ulp. */
export function expm1(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, constant(Constant.EXPM1_SMALLEST)), constant(Constant.LARGEST_EXPONENT));
  const t = shifted(bounded);
  const r = remainder(bounded, t);
  const p = f32x4.add(f32x4.mul(f32x4.mul(r, r), tail(r)), r);
  // Half of 2^n, so that the largest n has one.
  const half = i32x4.add(i32x4.shl(t, 23), constant(Constant.HALF_BITS));
  const result = f32x4.add(f32x4.mul(half, p), f32x4.sub(half, constant(Constant.HALF)));
  // Zero keeps its sign, and numbers so small that their square is lost stay what they are.
  return v128.bitselect(x, f32x4.add(result, result), f32x4.lt(v128.and(x, constant(Constant.SIZE_BITS)), constant(Constant.TINY)));
}

/**
 * 1 / (1 + e^-x) with e^-x = w + w q, w = 2^n. What 1 + w loses goes into the small part: that the last bit of e^-x was never rounded makes the difference.
 * At most 2 ulp. What is beyond 87 in size is seen to by itself: there it is e^x or 1.
 */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return isPlain(x) ? plainSigmoid(x) : sigmoidOfAny(x);
}

// @ts-ignore: decorator
@inline
function plainSigmoid(x: v128): v128 {
  const one = constant(Constant.ONE);
  const t = f32x4.add(f32x4.mul(x, constant(Constant.MINUS_LOG2_E)), constant(Constant.ROUNDER));
  const n = f32x4.sub(t, constant(Constant.ROUNDER));
  // -r: the odd powers change their sign instead.
  const r = f32x4.add(f32x4.add(x, f32x4.mul(n, constant(Constant.LN2_HIGH))), f32x4.mul(n, constant(Constant.LN2_LOW)));
  let p = f32x4.sub(f32x4.mul(r, constant(Constant.EXP_4)), constant(Constant.EXP_3));
  p = f32x4.add(f32x4.mul(p, r), constant(Constant.EXP_2));
  p = f32x4.sub(f32x4.mul(p, r), constant(Constant.EXP_1));
  p = f32x4.add(f32x4.mul(p, r), constant(Constant.HALF));
  const q = f32x4.sub(f32x4.mul(f32x4.mul(r, r), p), r);
  const w = i32x4.add(i32x4.shl(t, 23), one);
  const sum = f32x4.add(one, w);
  const lost = f32x4.sub(one, f32x4.sub(sum, w));
  return f32x4.div(one, f32x4.add(sum, f32x4.add(f32x4.mul(q, w), lost)));
}

export function sigmoidOfAny(x: v128): v128 {
  const end = constant(Constant.PLAIN_EXPONENT);
  // pmax and pmin keep NaN.
  const y = plainSigmoid(f32x4.pmin(f32x4.pmax(x, f32x4.neg(end)), end));
  return v128.bitselect(expOfAny(x), y, f32x4.lt(x, f32x4.neg(end)));
}

/** e^x for x below 87 in size, where a sum of bits multiplies by 2^n: the result is in the normal range. */
// @ts-ignore: decorator
@inline
function plainExp(x: v128): v128 {
  const t = shifted(x);
  return i32x4.add(small(remainder(x, t)), i32x4.shl(t, 23));
}

/**
 * tanh x: below 0.625 x + x^3 p(x^2), fitted with error 4.2e-9; above it 1 - 2 / (e^2|x| + 1), which is 1 from 2|x| = 40 on: no size needs a branch. At most 2 ulp. NaN stays
 * NaN by the first way.
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = v128.and(x, constant(Constant.SIZE_BITS));
  const z = f32x4.mul(x, x);
  let p = f32x4.add(f32x4.mul(z, constant(Constant.TANH_4)), constant(Constant.TANH_3));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.TANH_2));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.TANH_1));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.TANH_0));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const e = plainExp(f32x4.pmin(f32x4.add(size, size), constant(Constant.TANH_END)));
  const one = constant(Constant.ONE);
  const far = f32x4.sub(one, f32x4.div(constant(Constant.TWO), f32x4.add(e, one)));
  const sign = v128.and(x, constant(Constant.SIGN_BIT));
  return v128.bitselect(v128.or(far, sign), near, f32x4.ge(size, constant(Constant.TANH_SWITCH)));
}

/** The error function: below 0.92 x + x p(x^2), above it 1 - e^(-x q(x)), both fitted with errors below 4e-10. At most 2 ulp. */
// @ts-ignore: decorator
@inline
export function erf(x: v128): v128 {
  const size = v128.and(x, constant(Constant.SIZE_BITS));
  const z = f32x4.mul(x, x);
  let p = f32x4.add(f32x4.mul(z, constant(Constant.ERF_6)), constant(Constant.ERF_5));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.ERF_4));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.ERF_3));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.ERF_2));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.ERF_1));
  p = f32x4.add(f32x4.mul(p, z), constant(Constant.ERF_0));
  const near = f32x4.add(f32x4.mul(p, x), x);
  // Beyond 4 the result is 1 to the last bit. pmin keeps NaN.
  const t = f32x4.pmin(size, constant(Constant.FOUR));
  let q = f32x4.add(f32x4.mul(t, constant(Constant.ERFC_7)), constant(Constant.ERFC_6));
  q = f32x4.add(f32x4.mul(q, t), constant(Constant.ERFC_5));
  q = f32x4.add(f32x4.mul(q, t), constant(Constant.ERFC_4));
  q = f32x4.add(f32x4.mul(q, t), constant(Constant.ERFC_3));
  q = f32x4.add(f32x4.mul(q, t), constant(Constant.ERFC_2));
  q = f32x4.add(f32x4.mul(q, t), constant(Constant.ERFC_1));
  q = f32x4.add(f32x4.mul(q, t), constant(Constant.ERFC_0));
  const far = f32x4.sub(constant(Constant.ONE), exp(v128.xor(f32x4.mul(q, t), constant(Constant.SIGN_BIT))));
  const sign = v128.and(x, constant(Constant.SIGN_BIT));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, constant(Constant.ERF_SWITCH)));
}
