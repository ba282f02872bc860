import { exp } from './exp';

const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

/** The natural logarithm: x = 2^e m with m around 1, ln m = f - f^2 / 2 + f^3 p(f), fitted; error 7.5e-10. At most 1 ulp. */
export function log(x: v128): v128 {
  // Numbers below the normal range are lifted into it first.
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const lifted = v128.bitselect(f32x4.mul(x, f32x4.splat(33554432)), x, tiny);
  let e = i32x4.sub(i32x4.shr_s(lifted, 23), v128.bitselect(i32x4.splat(126 + 25), i32x4.splat(126), tiny));
  let m = v128.or(v128.and(lifted, i32x4.splat(0x007fffff)), f32x4.splat(0.5));
  const low = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = i32x4.add(e, low);
  m = f32x4.add(m, v128.and(m, low));
  const f = f32x4.sub(m, f32x4.splat(1));
  const z = f32x4.mul(f, f);
  let p = f32x4.add(f32x4.mul(f, f32x4.splat(0.06749271601438522)), f32x4.splat(-0.11670099198818207));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.11883548647165298));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.12406233698129654));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.14220358431339264));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.16667988896369934));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.2000207155942917));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.25000008940696716));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.3333331346511841));
  const n = f32x4.convert_i32x4_s(e);
  let y = f32x4.mul(f32x4.mul(p, z), f);
  y = f32x4.add(y, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  y = f32x4.add(f32x4.add(f, y), f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  // 0 gives -infinity, infinity itself, a negative number or NaN gives NaN.
  y = v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x, f32x4.splat(0)));
  y = v128.bitselect(x, y, f32x4.eq(x, f32x4.splat(Infinity)));
  return v128.bitselect(y, f32x4.splat(NaN), f32x4.ge(x, f32x4.splat(0)));
}

/** ln(1 + x) without the loss near 0: ln(u) (x / (u - 1)) with u = 1 + x makes good what rounding u lost. At most 3 ulp. */
export function log1p(x: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.add(one, x);
  const y = f32x4.mul(log(u), f32x4.div(x, f32x4.sub(u, one)));
  const plain = v128.or(f32x4.eq(u, one), f32x4.eq(u, f32x4.splat(Infinity)));
  return v128.bitselect(x, y, plain);
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|): neither end overflows. At most 3 ulp. */
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}
