import { atan64, cosine64, exp64, log1p64, log64, sine64, toWhole } from './double';
import { highDoubles, lowDoubles } from './lanes';
import { largeQuarter, largeRest } from './turn';
import { Unary } from '../../src/internal/codes';

// Functions that training seldom needs: four float32 by way of float64, rounded once. Within 1 unit of the last place.

/** Beyond this an angle needs more bits of 2 / pi than two float64 have. */
const LARGE: f64 = 524288;

/** Four float32 from twice two float64. */
// @ts-ignore: decorator
@inline
export function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

// @ts-ignore: decorator
@inline
function trigonometric(op: i32, x: v128): v128 {
  const sign = v128.and(x, f64x2.splat(-0.0));
  const size = v128.xor(x, sign);
  let n = f64x2.nearest(f64x2.mul(size, f64x2.splat(0.6366197723675814)));
  let r = f64x2.sub(size, f64x2.mul(n, f64x2.splat(1.57079632673412561417)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(6.07710050630396597660e-11)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(2.02226624879595063154e-21)));
  if (v128.any_true(f64x2.ge(size, f64x2.splat(LARGE)))) {
    const first = f64x2.extract_lane(size, 0), second = f64x2.extract_lane(size, 1);
    if (first >= LARGE && first < Infinity) { n = f64x2.replace_lane(n, 0, largeQuarter(<f32>first)); r = f64x2.replace_lane(r, 0, largeRest(<f32>first)); }
    if (second >= LARGE && second < Infinity) { n = f64x2.replace_lane(n, 1, largeQuarter(<f32>second)); r = f64x2.replace_lane(r, 1, largeRest(<f32>second)); }
  }
  const quarter = toWhole(n);
  const odd = i64x2.shr_s(i64x2.shl(quarter, 63), 63);
  const s = sine64(r), c = cosine64(r);
  if (op == Unary.Tan) return v128.xor(f64x2.div(v128.bitselect(v128.xor(c, f64x2.splat(-0.0)), s, odd), v128.bitselect(s, c, odd)), sign);
  const isSine = op == Unary.Sin;
  const y = isSine ? v128.bitselect(c, s, odd) : v128.bitselect(s, c, odd);
  const turned = isSine ? quarter : i64x2.add(quarter, i64x2.splat(1));
  const flipped = v128.xor(y, i64x2.shl(v128.and(turned, i64x2.splat(2)), 62));
  return isSine ? v128.xor(flipped, sign) : flipped;
}

/** (e^x - e^-x) / 2, and its series below 1 where that would lose digits. */
// @ts-ignore: decorator
@inline
function sinh(x: v128): v128 {
  const z = f64x2.mul(x, x);
  let p = f64x2.splat(1.0 / 6227020800.0);
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 39916800.0));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 362880.0));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 5040.0));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 120.0));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 6.0));
  const near = f64x2.add(f64x2.mul(f64x2.mul(p, z), x), x);
  const e = exp64(x);
  const far = f64x2.mul(f64x2.sub(e, f64x2.div(f64x2.splat(1), e)), f64x2.splat(0.5));
  return v128.bitselect(near, far, f64x2.lt(f64x2.abs(x), f64x2.splat(1)));
}

// @ts-ignore: decorator
@inline
function two(op: i32, x: v128): v128 {
  const one = f64x2.splat(1);
  if (op == Unary.Sin || op == Unary.Cos || op == Unary.Tan) return trigonometric(op, x);
  if (op == Unary.Asin) return atan64(f64x2.div(x, f64x2.sqrt(f64x2.mul(f64x2.sub(one, x), f64x2.add(one, x)))));
  if (op == Unary.Acos) return f64x2.mul(atan64(f64x2.sqrt(f64x2.div(f64x2.sub(one, x), f64x2.add(one, x)))), f64x2.splat(2));
  if (op == Unary.Atan) return atan64(x);
  if (op == Unary.Sinh) return sinh(x);
  if (op == Unary.Cosh) { const e = exp64(x); return f64x2.mul(f64x2.add(e, f64x2.div(one, e)), f64x2.splat(0.5)); }
  if (op == Unary.Acosh) {
    const t = f64x2.sub(x, one);
    const y = log1p64(f64x2.add(t, f64x2.sqrt(f64x2.mul(t, f64x2.add(t, f64x2.splat(2))))));
    return v128.bitselect(f64x2.splat(NaN), y, f64x2.lt(x, one));
  }
  const sign = v128.and(x, f64x2.splat(-0.0));
  const size = v128.xor(x, sign);
  if (op == Unary.Asinh) {
    const z = f64x2.mul(size, size);
    // An infinity by itself: its square over its root is NaN.
    const t = f64x2.add(size, f64x2.div(z, f64x2.add(one, f64x2.sqrt(f64x2.add(z, one)))));
    return v128.xor(log1p64(v128.bitselect(t, size, f64x2.lt(size, f64x2.splat(Infinity)))), sign);
  }
  // Atanh.
  return v128.xor(f64x2.mul(log1p64(f64x2.div(f64x2.add(size, size), f64x2.sub(one, size))), f64x2.splat(0.5)), sign);
}

/** One of the functions from Sin to Atanh. */
// @ts-ignore: decorator
@inline
export function wide(op: i32, x: v128): v128 { return narrow(two(op, lowDoubles(x)), two(op, highDoubles(x))); }

/** a^b: where a is below 0 only for whole b. */
// @ts-ignore: decorator
@inline
function powerOfTwo(a: v128, b: v128): v128 {
  const size = f64x2.abs(a);
  let y = exp64(f64x2.mul(b, log64(size)));
  const whole = f64x2.eq(f64x2.trunc(b), b);
  const half = f64x2.mul(b, f64x2.splat(0.5));
  const odd = v128.and(whole, f64x2.ne(f64x2.trunc(half), half));
  y = v128.xor(y, v128.and(v128.and(a, f64x2.splat(-0.0)), odd));
  const finite = f64x2.lt(size, f64x2.splat(Infinity));
  y = v128.bitselect(f64x2.splat(NaN), y, v128.and(v128.andnot(f64x2.lt(a, f64x2.splat(0)), whole), finite));
  return v128.bitselect(f64x2.splat(1), y, f64x2.eq(b, f64x2.splat(0)));
}

// @ts-ignore: decorator
@inline
export function power(a: v128, b: v128): v128 {
  return narrow(powerOfTwo(lowDoubles(a), lowDoubles(b)), powerOfTwo(highDoubles(a), highDoubles(b)));
}

/** The angle of the point (x, y): y comes first. */
// @ts-ignore: decorator
@inline
function angleOfTwo(y: v128, x: v128): v128 {
  const height = f64x2.abs(y), width = f64x2.abs(x);
  // Two zeros or two infinities have a quotient all the same.
  const same = v128.and(f64x2.splat(1), f64x2.gt(height, f64x2.splat(0)));
  const angle = atan64(v128.bitselect(same, f64x2.div(height, width), f64x2.eq(height, width)));
  const left = i64x2.shr_s(x, 63);
  return v128.or(v128.bitselect(f64x2.sub(f64x2.splat(3.141592653589793), angle), angle, left), v128.and(y, f64x2.splat(-0.0)));
}

// @ts-ignore: decorator
@inline
export function angle(y: v128, x: v128): v128 {
  return narrow(angleOfTwo(lowDoubles(y), lowDoubles(x)), angleOfTwo(highDoubles(y), highDoubles(x)));
}

// @ts-ignore: decorator
@inline
export function floorDivision(a: v128, b: v128): v128 {
  return narrow(f64x2.floor(f64x2.div(lowDoubles(a), lowDoubles(b))), f64x2.floor(f64x2.div(highDoubles(a), highDoubles(b))));
}

/** The remainder that has the sign of the divisor. */
function remainder(a: f64, b: f64): f64 {
  const r = a % b;
  return (a >= 0 && b >= 0) || (a < 0 && b < 0) ? r : (r + b) % b;
}

// @ts-ignore: decorator
@inline
function remainderOfTwo(a: v128, b: v128): v128 {
  const size = f64x2.abs(b);
  const q = f64x2.trunc(f64x2.div(a, b));
  // Both have 24 bits: with a quotient of 29 the product is exact.
  if (!v128.all_true<i64>(v128.and(f64x2.lt(f64x2.abs(q), f64x2.splat(536870912)), f64x2.lt(size, f64x2.splat(Infinity))))) {
    const low = remainder(f64x2.extract_lane(a, 0), f64x2.extract_lane(b, 0));
    return f64x2.replace_lane(f64x2.splat(low), 1, remainder(f64x2.extract_lane(a, 1), f64x2.extract_lane(b, 1)));
  }
  let r = f64x2.sub(a, f64x2.mul(b, q));
  // A quotient just below a whole number may have been rounded up to it.
  const over = f64x2.lt(f64x2.mul(r, a), f64x2.splat(0));
  r = f64x2.add(r, v128.and(over, v128.or(size, v128.and(a, f64x2.splat(-0.0)))));
  // Zeros have the signs that they get the other way, so that the bits do not depend on what lies beside these numbers: the dividend's, and
  // the divisor's where their sum leaves one.
  r = v128.bitselect(a, r, f64x2.splat(-0.0));
  const other = f64x2.add(r, b);
  const turned = v128.bitselect(other, v128.and(b, f64x2.splat(-0.0)), f64x2.lt(f64x2.abs(other), size));
  return v128.bitselect(turned, r, v128.xor(f64x2.lt(a, f64x2.splat(0)), f64x2.lt(b, f64x2.splat(0))));
}

// @ts-ignore: decorator
@inline
export function floorRemainder(a: v128, b: v128): v128 {
  return narrow(remainderOfTwo(lowDoubles(a), lowDoubles(b)), remainderOfTwo(highDoubles(a), highDoubles(b)));
}
