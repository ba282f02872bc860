// Sine and cosine of whole turns: for t in [0, 1) a quarter turn comes off without rounding, so no angle is too large for the reduction.

/** sin 2 pi r for |r| <= 1/8; the largest factor is in two parts. */
// @ts-ignore: decorator
@inline
function sinePart(r: v128, z: v128): v128 {
  let p = f32x4.add(f32x4.mul(z, f32x4.splat(42.058693944897634)), f32x4.splat(-76.70585975306136));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(81.60524927607504));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-41.341702240399755));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-1.7484556025237907e-7));
  return f32x4.add(f32x4.mul(p, r), f32x4.mul(r, f32x4.splat(6.2831854820251465)));
}

/** cos 2 pi r for |r| <= 1/8. */
// @ts-ignore: decorator
@inline
function cosinePart(z: v128): v128 {
  let p = f32x4.add(f32x4.mul(z, f32x4.splat(-26.426256783374388)), f32x4.splat(60.24464137187664));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-85.45681720669371));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(64.93939402266828));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-19.739208802178716));
  return f32x4.add(f32x4.mul(p, z), f32x4.splat(1));
}

/** What is left of t after q quarter turns. */
// @ts-ignore: decorator
@inline
function rest(t: v128, q: v128): v128 { return f32x4.sub(t, f32x4.mul(q, f32x4.splat(0.25))); }

// @ts-ignore: decorator
@inline
function choose(sines: bool, t: v128): v128 {
  const q = f32x4.nearest(f32x4.mul(t, f32x4.splat(4)));
  const r = rest(t, q);
  const z = f32x4.mul(r, r);
  const quarter = i32x4.trunc_sat_f32x4_s(q);
  const odd = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
  const s = sinePart(r, z), c = cosinePart(z);
  const size = sines ? v128.bitselect(c, s, odd) : v128.bitselect(s, c, odd);
  const turned = sines ? quarter : i32x4.add(quarter, i32x4.splat(1));
  return v128.xor(size, i32x4.shl(v128.and(turned, i32x4.splat(2)), 30));
}

/** sin 2 pi t for t in [0, 1): at most 1 ulp. */
// @ts-ignore: decorator
@inline
export function sine(t: v128): v128 { return choose(true, t); }

/** cos 2 pi t for t in [0, 1): at most 1 ulp. */
// @ts-ignore: decorator
@inline
export function cosine(t: v128): v128 { return choose(false, t); }
