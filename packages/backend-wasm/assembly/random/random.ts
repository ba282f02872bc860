import { Random } from '../../src/internal/codes';
import { Fused, runSpans, spanBegin, spanEnd } from '../fused/span';
import { argument, setArgument } from '../pool/job';
import { cosine, sine } from '../simd/circle';
import { Constant, constant } from '../simd/constants';
import { log } from '../simd/log';

/** One value of four lanes: what a word of random bits becomes. */
// @ts-ignore: decorator
@inline
function value(kind: i32, bits: v128, a: f64, b: f64): v128 {
  const whole = i32x4.shr_u(bits, 8);
  if (kind == Random.Dropout) return v128.and(i32x4.ge_s(whole, i32x4.splat(<i32>a)), f32x4.splat(<f32>b));
  const u = f32x4.mul(f32x4.convert_i32x4_s(whole), constant(Constant.UNIT_STEP));
  // u * range is exact in float64, so from 0 on one rounding is all there is, there and here.
  if (kind == Random.Uniform) return f32x4.mul(u, f32x4.splat(<f32>b));
  const range = f64x2.splat(b), low = f64x2.splat(a);
  const first = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(u), range), low));
  const upper = v128.shuffle<f32>(u, u, 2, 3, 0, 1);
  const second = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(upper), range), low));
  return v128.shuffle<f32>(first, second, 0, 1, 4, 5);
}

/** sqrt(-2 ln u) for u in (0, 1]. */
// @ts-ignore: decorator
@inline
function radius(bits: v128): v128 {
  const u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.add(i32x4.shr_u(bits, 8), constant(Constant.ONE_WHOLE))), constant(Constant.UNIT_STEP));
  return f32x4.sqrt(f32x4.mul(log(u), constant(Constant.MINUS_TWO)));
}

// @ts-ignore: decorator
@inline
function turn(bits: v128): v128 { return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(bits, 8)), constant(Constant.UNIT_STEP)); }

/** What four blocks, one word a vector, become: sixteen elements at y. */
// @ts-ignore: decorator
@inline
function finish(kind: i32, x: usize, y: usize, c0: v128, c1: v128, c2: v128, c3: v128, a: f64, b: f64): void {
  if (kind == Random.Normal) {
    // Words 0 and 1 of a block make one pair, 2 and 3 another.
    const r0 = radius(c0), t0 = turn(c1), r1 = radius(c2), t1 = turn(c3);
    const mean = f32x4.splat(<f32>a), deviation = f32x4.splat(<f32>b);
    c0 = f32x4.add(f32x4.mul(f32x4.mul(r0, cosine(t0)), deviation), mean);
    c1 = f32x4.add(f32x4.mul(f32x4.mul(r0, sine(t0)), deviation), mean);
    c2 = f32x4.add(f32x4.mul(f32x4.mul(r1, cosine(t1)), deviation), mean);
    c3 = f32x4.add(f32x4.mul(f32x4.mul(r1, sine(t1)), deviation), mean);
  } else {
    c0 = value(kind, c0, a, b);
    c1 = value(kind, c1, a, b);
    c2 = value(kind, c2, a, b);
    c3 = value(kind, c3, a, b);
  }
  // From one word a vector to one block a vector.
  const p0 = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5), p1 = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  const p2 = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7), p3 = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
  put(kind, x, y, v128.shuffle<i32>(p0, p1, 0, 1, 4, 5));
  put(kind, x + 16, y + 16, v128.shuffle<i32>(p0, p1, 2, 3, 6, 7));
  put(kind, x + 32, y + 32, v128.shuffle<i32>(p2, p3, 0, 1, 4, 5));
  put(kind, x + 48, y + 48, v128.shuffle<i32>(p2, p3, 2, 3, 6, 7));
}

/**
 * Philox4x32-10 from byte `begin` to `end` of y: two times four blocks a round, since each waits for its own multiplications. x is what dropout takes. Blocks of
 * the heap are whole multiples of 64 bytes, so the last sixteen elements stay inside.
 */
// @ts-ignore: decorator
@inline
function loop(kind: i32, x: usize, y: usize, begin: usize, end: usize, counter: i32, keyLow: i32, keyHigh: i32, a: f64, b: f64): void {
  for (let i = begin; i < end; i += 128) {
    let c0 = i32x4.add(i32x4.splat(<i32>(i >> 4)), i32x4(0, 1, 2, 3)), d0 = i32x4.add(c0, constant(Constant.FOUR_WHOLE));
    let c1 = i32x4.splat(0), c2 = i32x4.splat(counter), c3 = c1, d1 = c1, d2 = c2, d3 = c1;
    let k0 = i32x4.splat(keyLow), k1 = i32x4.splat(keyHigh);
    for (let round = 0; round < 10; round++) {
      const m0 = constant(Constant.PHILOX_0), m1 = constant(Constant.PHILOX_1);
      let p = i64x2.extmul_low_i32x4_u(m0, c0), q = i64x2.extmul_high_i32x4_u(m0, c0);
      let r = i64x2.extmul_low_i32x4_u(m1, c2), s = i64x2.extmul_high_i32x4_u(m1, c2);
      c0 = v128.xor(v128.shuffle<i32>(r, s, 1, 3, 5, 7), v128.xor(c1, k0));
      c1 = v128.shuffle<i32>(r, s, 0, 2, 4, 6);
      c2 = v128.xor(v128.shuffle<i32>(p, q, 1, 3, 5, 7), v128.xor(c3, k1));
      c3 = v128.shuffle<i32>(p, q, 0, 2, 4, 6);
      p = i64x2.extmul_low_i32x4_u(m0, d0), q = i64x2.extmul_high_i32x4_u(m0, d0);
      r = i64x2.extmul_low_i32x4_u(m1, d2), s = i64x2.extmul_high_i32x4_u(m1, d2);
      d0 = v128.xor(v128.shuffle<i32>(r, s, 1, 3, 5, 7), v128.xor(d1, k0));
      d1 = v128.shuffle<i32>(r, s, 0, 2, 4, 6);
      d2 = v128.xor(v128.shuffle<i32>(p, q, 1, 3, 5, 7), v128.xor(d3, k1));
      d3 = v128.shuffle<i32>(p, q, 0, 2, 4, 6);
      k0 = i32x4.add(k0, constant(Constant.KEY_STEP_0));
      k1 = i32x4.add(k1, constant(Constant.KEY_STEP_1));
    }
    finish(kind, x + i, y + i, c0, c1, c2, c3, a, b);
    if (i + 64 < end) finish(kind, x + i + 64, y + i + 64, d0, d1, d2, d3, a, b);
  }
}

/** Dropout multiplies what it keeps, and by 0 what it does not: infinities and NaN show. */
// @ts-ignore: decorator
@inline
function put(kind: i32, x: usize, y: usize, v: v128): void { v128.store(y, kind == Random.Dropout ? f32x4.mul(v128.load(x), v) : v); }

/**
 * n values that are a function of key, counter and place alone: element i is word i mod 4 of block i / 4.
 *
 * Uniform and UniformFrom: [a, a + b), the former for a = 0. Normal: mean a, deviation b. Dropout: y = x * b where the word's upper 24 bits are at least a,
 * y = x * 0 elsewhere.
 */
export function random(kind: i32, x: usize, y: usize, n: usize, counter: i32, keyLow: i32, keyHigh: i32, a: f64, b: f64): void {
  setArgument(0, kind);
  setArgument(1, <u32>x);
  setArgument(2, <u32>y);
  setArgument(3, counter);
  setArgument(4, keyLow);
  setArgument(5, keyHigh);
  setDouble(6, a);
  setDouble(8, b);
  runSpans(Fused.Random, n << 2);
}

// @ts-ignore: decorator
@inline
function setDouble(index: i32, value: f64): void {
  const bits = reinterpret<u64>(value);
  setArgument(index, <u32>bits);
  setArgument(index + 1, <u32>(bits >> 32));
}

// @ts-ignore: decorator
@inline
function doubleArgument(index: i32): f64 { return reinterpret<f64>(<u64>argument(index) | (<u64>argument(index + 1) << 32)); }

// One function each: V8 keeps the values of a loop in registers when nothing else is in its function.
function dropout(x: usize, y: usize, begin: usize, end: usize, counter: i32, low: i32, high: i32, a: f64, b: f64): void { loop(Random.Dropout, x, y, begin, end, counter, low, high, a, b); }
function uniform(x: usize, y: usize, begin: usize, end: usize, counter: i32, low: i32, high: i32, a: f64, b: f64): void { loop(Random.Uniform, x, y, begin, end, counter, low, high, a, b); }
function uniformFrom(x: usize, y: usize, begin: usize, end: usize, counter: i32, low: i32, high: i32, a: f64, b: f64): void { loop(Random.UniformFrom, x, y, begin, end, counter, low, high, a, b); }
function normal(x: usize, y: usize, begin: usize, end: usize, counter: i32, low: i32, high: i32, a: f64, b: f64): void { loop(Random.Normal, x, y, begin, end, counter, low, high, a, b); }

export function randomUnit(unit: i32): void {
  const kind = <i32>argument(0);
  const x = <usize>argument(1), y = <usize>argument(2), begin = spanBegin(unit), end = spanEnd(unit);
  const counter = <i32>argument(3), low = <i32>argument(4), high = <i32>argument(5);
  const a = doubleArgument(6), b = doubleArgument(8);
  if (kind == Random.Dropout) dropout(x, y, begin, end, counter, low, high, a, b);
  else if (kind == Random.Uniform) uniform(x, y, begin, end, counter, low, high, a, b);
  else if (kind == Random.UniformFrom) uniformFrom(x, y, begin, end, counter, low, high, a, b);
  else normal(x, y, begin, end, counter, low, high, a, b);
}
