import { Constant, constant } from './constants';
import { exp } from './exp';


/** ln m + e ln 2 for a normal number: x = 2^e m with m around 1, ln m = f - f^2 / 2 + f^3 p(f), fitted; error 7.5e-10. */
// @ts-ignore: decorator
@inline
function logOfNormal(x: v128, lifted: v128): v128 {
  const steps = i32x4.shr_s(i32x4.sub(x, constant(Constant.SQRT_HALF_BITS)), 23);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(steps, 23)), constant(Constant.ONE));
  const z = f32x4.mul(f, f);
  let p = f32x4.add(f32x4.mul(f, constant(Constant.LOG_8)), constant(Constant.LOG_7));
  p = f32x4.add(f32x4.mul(p, f), constant(Constant.LOG_6));
  p = f32x4.add(f32x4.mul(p, f), constant(Constant.LOG_5));
  p = f32x4.add(f32x4.mul(p, f), constant(Constant.LOG_4));
  p = f32x4.add(f32x4.mul(p, f), constant(Constant.LOG_3));
  p = f32x4.add(f32x4.mul(p, f), constant(Constant.LOG_2));
  p = f32x4.add(f32x4.mul(p, f), constant(Constant.LOG_1));
  p = f32x4.add(f32x4.mul(p, f), constant(Constant.LOG_0));
  const e = f32x4.sub(f32x4.convert_i32x4_s(steps), lifted);
  let y = f32x4.mul(f32x4.mul(p, z), f);
  y = f32x4.add(y, f32x4.mul(e, constant(Constant.LN2_LOW)));
  y = f32x4.sub(y, f32x4.mul(z, constant(Constant.HALF)));
  return f32x4.add(f32x4.add(f, y), f32x4.mul(e, constant(Constant.LN2_HIGH)));
}

/** The natural logarithm, at most 1 ulp. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const plain = v128.and(f32x4.ge(x, constant(Constant.SMALLEST_NORMAL)), f32x4.lt(x, constant(Constant.PLUS_INFINITY)));
  return v128.all_true<i32>(plain) ? logOfNormal(x, f32x4.splat(0)) : logOfAny(x);
}

/** 0 gives -infinity, infinity itself, a negative number or NaN gives NaN; numbers below the normal range are lifted into it by 2^25. */
function logOfAny(x: v128): v128 {
  const tiny = f32x4.lt(x, constant(Constant.SMALLEST_NORMAL));
  const normal = v128.bitselect(f32x4.mul(x, constant(Constant.LIFT)), x, tiny);
  let y = logOfNormal(normal, v128.and(tiny, constant(Constant.LIFT_STEPS)));
  y = v128.bitselect(constant(Constant.MINUS_INFINITY), y, f32x4.eq(x, f32x4.splat(0)));
  y = v128.bitselect(x, y, f32x4.eq(x, constant(Constant.PLUS_INFINITY)));
  return v128.bitselect(y, constant(Constant.NOT_A_NUMBER), f32x4.ge(x, f32x4.splat(0)));
}

/** ln(1 + x) without the loss near 0: ln(u) (x / (u - 1)) with u = 1 + x makes good what rounding u lost. At most 3 ulp. */
export function log1p(x: v128): v128 {
  const one = constant(Constant.ONE);
  const u = f32x4.add(one, x);
  const y = f32x4.mul(log(u), f32x4.div(x, f32x4.sub(u, one)));
  const plain = v128.or(f32x4.eq(u, one), f32x4.eq(u, constant(Constant.PLUS_INFINITY)));
  return v128.bitselect(x, y, plain);
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|): neither end overflows. At most 3 ulp. */
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), log1p(exp(v128.or(x, constant(Constant.SIGN_BIT)))));
}
