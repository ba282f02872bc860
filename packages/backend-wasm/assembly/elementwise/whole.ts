// int32 arithmetic that has no instruction. What division by 0 gives is 0, as tfjs-backend-cpu stores it.

// @ts-ignore: decorator
@inline
function quotientOfTwo(a: v128, b: v128): v128 {
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.div(f64x2.convert_low_i32x4_s(a), f64x2.convert_low_i32x4_s(b))));
}

/** a / b rounded down. */
// @ts-ignore: decorator
@inline
export function wholeQuotient(a: v128, b: v128): v128 {
  const low = quotientOfTwo(a, b);
  const high = quotientOfTwo(v128.shuffle<i32>(a, a, 2, 3, 2, 3), v128.shuffle<i32>(b, b, 2, 3, 2, 3));
  return v128.and(v128.shuffle<i32>(low, high, 0, 1, 4, 5), i32x4.ne(b, i32x4.splat(0)));
}

/** The remainder that has the sign of the divisor. */
// @ts-ignore: decorator
@inline
export function wholeRemainder(a: v128, b: v128): v128 {
  return v128.and(i32x4.sub(a, i32x4.mul(b, wholeQuotient(a, b))), i32x4.ne(b, i32x4.splat(0)));
}

/** a^b modulo 2^32; for b below 0 what is left of 1 / a^-b when it is cut off. */
// @ts-ignore: decorator
@inline
export function wholePower(a: v128, b: v128): v128 {
  const one = i32x4.splat(1);
  const negative = i32x4.lt_s(b, i32x4.splat(0));
  const unit = v128.or(i32x4.eq(a, one), i32x4.eq(a, i32x4.splat(-1)));
  // 1 and -1 are their own inverses.
  let exponent = v128.bitselect(i32x4.neg(b), b, negative);
  let result = one;
  let base = a;
  while (v128.any_true(exponent)) {
    const odd = i32x4.ne(v128.and(exponent, one), i32x4.splat(0));
    result = v128.bitselect(i32x4.mul(result, base), result, odd);
    base = i32x4.mul(base, base);
    exponent = i32x4.shr_u(exponent, 1);
  }
  return v128.andnot(result, v128.andnot(negative, unit));
}
