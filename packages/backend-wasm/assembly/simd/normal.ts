import { Constant, constant } from './constants';

// Numbers below the smallest normal float32, 2^-126, cost a processor some hundred times what others do. What decays step by step, as the memory of an
// optimizer does where a gradient stays 0, ends there and never leaves: rounding holds it up. Infinity has the bits of an exponent alone.

/** The lanes of x, and 0 for those that are subnormal. NaN stays. */
// @ts-ignore: decorator
@inline
export function normal(x: v128): v128 {
  return v128.andnot(x, i32x4.eq(v128.and(x, constant(Constant.PLUS_INFINITY)), i32x4.splat(0)));
}

/** The same for lanes that are not below 0. */
// @ts-ignore: decorator
@inline
export function normalSize(x: v128): v128 { return v128.andnot(x, f32x4.lt(x, constant(Constant.SMALLEST_NORMAL))); }

/** x * x, and 0 where that is subnormal: where x is below 2^-63. */
// @ts-ignore: decorator
@inline
export function normalSquare(x: v128): v128 {
  const exponent = v128.and(x, constant(Constant.PLUS_INFINITY));
  const y = v128.andnot(x, i32x4.gt_s(constant(Constant.SQUARE_LIMIT_BITS), exponent));
  return f32x4.mul(y, y);
}
