// Functions of two float64 for results that are rounded to float32 afterwards: series that are exact to some 1e-12, no tables.

// @ts-ignore: decorator
@inline
function step(p: v128, z: v128, c: f64): v128 { return f64x2.add(f64x2.mul(p, z), f64x2.splat(c)); }

/** Lanes of 64 bits that are whole numbers below 2^31, as float64. */
// @ts-ignore: decorator
@inline
function fromWhole(n: v128): v128 { return f64x2.convert_low_i32x4_s(v128.shuffle<i32>(n, n, 0, 2, 0, 2)); }

/** Whole float64 as lanes of 64 bits. */
// @ts-ignore: decorator
@inline
export function toWhole(n: v128): v128 { return i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)); }

/** e^x; beyond +-700 that of +-700, far outside of float32. */
export function exp64(x: v128): v128 {
  x = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-700)), f64x2.splat(700));
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, f64x2.splat(0.693147180369123816490))), f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)));
  let p = f64x2.splat(1.0 / 39916800.0);
  p = step(p, r, 1.0 / 3628800.0);
  p = step(p, r, 1.0 / 362880.0);
  p = step(p, r, 1.0 / 40320.0);
  p = step(p, r, 1.0 / 5040.0);
  p = step(p, r, 1.0 / 720.0);
  p = step(p, r, 1.0 / 120.0);
  p = step(p, r, 1.0 / 24.0);
  p = step(p, r, 1.0 / 6.0);
  p = step(p, r, 0.5);
  p = step(p, r, 1);
  p = step(p, r, 1);
  return f64x2.mul(p, i64x2.shl(i64x2.add(toWhole(n), i64x2.splat(1023)), 52));
}

/** ln x for normal x; -infinity for 0, NaN below. */
export function log64(x: v128): v128 {
  // x = m * 2^e with m around 1: from sqrt(1/2) to sqrt(2).
  const shifted = i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd));
  const e = i64x2.shr_s(shifted, 52);
  const m = i64x2.sub(x, i64x2.shl(e, 52));
  const s = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1)));
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(2.0 / 17.0);
  p = step(p, z, 2.0 / 15.0);
  p = step(p, z, 2.0 / 13.0);
  p = step(p, z, 2.0 / 11.0);
  p = step(p, z, 2.0 / 9.0);
  p = step(p, z, 2.0 / 7.0);
  p = step(p, z, 2.0 / 5.0);
  p = step(p, z, 2.0 / 3.0);
  p = step(p, z, 2);
  let y = f64x2.add(f64x2.mul(p, s), f64x2.mul(fromWhole(e), f64x2.splat(0.6931471805599453)));
  y = v128.bitselect(f64x2.splat(-Infinity), y, f64x2.eq(x, f64x2.splat(0)));
  // Infinity and NaN are their own.
  y = v128.bitselect(x, y, v128.not(f64x2.lt(x, f64x2.splat(Infinity))));
  return v128.bitselect(f64x2.splat(NaN), y, f64x2.lt(x, f64x2.splat(0)));
}

/** ln(1 + x) for x >= 0 without loss near 0: what rounding 1 + x lost cancels out. */
export function log1p64(x: v128): v128 {
  const sum = f64x2.add(x, f64x2.splat(1));
  const taken = f64x2.sub(sum, f64x2.splat(1));
  const y = f64x2.div(f64x2.mul(log64(sum), x), taken);
  // Nothing was added, or all is infinite.
  return v128.bitselect(v128.bitselect(x, y, f64x2.eq(taken, f64x2.splat(0))), log64(sum), f64x2.lt(sum, f64x2.splat(Infinity)));
}

/** The angle whose tangent is x. */
export function atan64(x: v128): v128 {
  const sign = v128.and(x, f64x2.splat(-0.0));
  const size = v128.xor(x, sign);
  const one = f64x2.splat(1);
  const steep = f64x2.gt(size, f64x2.splat(2.414213562373095));
  const middle = v128.andnot(f64x2.gt(size, f64x2.splat(0.4142135623730951)), steep);
  let t = v128.bitselect(f64x2.div(f64x2.splat(-1), size), size, steep);
  t = v128.bitselect(f64x2.div(f64x2.sub(size, one), f64x2.add(size, one)), t, middle);
  const start = v128.or(v128.and(f64x2.splat(1.5707963267948966), steep), v128.and(f64x2.splat(0.7853981633974483), middle));
  const z = f64x2.mul(t, t);
  let p = f64x2.splat(1.0 / 25.0);
  p = step(p, z, -1.0 / 23.0);
  p = step(p, z, 1.0 / 21.0);
  p = step(p, z, -1.0 / 19.0);
  p = step(p, z, 1.0 / 17.0);
  p = step(p, z, -1.0 / 15.0);
  p = step(p, z, 1.0 / 13.0);
  p = step(p, z, -1.0 / 11.0);
  p = step(p, z, 1.0 / 9.0);
  p = step(p, z, -1.0 / 7.0);
  p = step(p, z, 1.0 / 5.0);
  p = step(p, z, -1.0 / 3.0);
  return v128.xor(f64x2.add(start, f64x2.add(f64x2.mul(f64x2.mul(p, z), t), t)), sign);
}

/** sin r for |r| <= pi / 4. */
export function sine64(r: v128): v128 {
  const z = f64x2.mul(r, r);
  let p = f64x2.splat(-1.0 / 39916800.0);
  p = step(p, z, 1.0 / 362880.0);
  p = step(p, z, -1.0 / 5040.0);
  p = step(p, z, 1.0 / 120.0);
  p = step(p, z, -1.0 / 6.0);
  return f64x2.add(f64x2.mul(f64x2.mul(p, z), r), r);
}

/** cos r for |r| <= pi / 4. */
export function cosine64(r: v128): v128 {
  const z = f64x2.mul(r, r);
  let p = f64x2.splat(1.0 / 479001600.0);
  p = step(p, z, -1.0 / 3628800.0);
  p = step(p, z, 1.0 / 40320.0);
  p = step(p, z, -1.0 / 720.0);
  p = step(p, z, 1.0 / 24.0);
  p = step(p, z, -0.5);
  return step(p, z, 1);
}
