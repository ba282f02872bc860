import { storePart } from '../elementwise/binary';

// Philox4x32-10, four blocks at a time: word w of block b is lane b of vector w. Element i is word i mod 4 of the block i / 4.

let word0: v128 = i32x4.splat(0);
let word1: v128 = i32x4.splat(0);
let word2: v128 = i32x4.splat(0);
let word3: v128 = i32x4.splat(0);

/** Sixteen words, in the order of the elements, into word0..word3. */
function sixteen(block: u32, counter: u32, keyLow: u32, keyHigh: u32): void {
  const lane = v128.replace_lane<i32>(v128.replace_lane<i32>(v128.replace_lane<i32>(i32x4.splat(0), 1, 1), 2, 2), 3, 3);
  let c0 = i32x4.add(i32x4.splat(block), lane), c1 = i32x4.splat(0), c2 = i32x4.splat(counter), c3 = i32x4.splat(0);
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  for (let round = 0; round < 10; round++) {
    const p = i64x2.extmul_low_i32x4_u(c0, m0), q = i64x2.extmul_high_i32x4_u(c0, m0);
    const r = i64x2.extmul_low_i32x4_u(c2, m1), s = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(r, s, 1, 3, 5, 7), c1), i32x4.splat(keyLow));
    c1 = v128.shuffle<i32>(r, s, 0, 2, 4, 6);
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(p, q, 1, 3, 5, 7), c3), i32x4.splat(keyHigh));
    c3 = v128.shuffle<i32>(p, q, 0, 2, 4, 6);
    keyLow += 0x9e3779b9;
    keyHigh += 0xbb67ae85;
  }
  const a = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5), b = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7), d = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
  word0 = v128.shuffle<i32>(a, b, 0, 1, 4, 5);
  word1 = v128.shuffle<i32>(a, b, 2, 3, 6, 7);
  word2 = v128.shuffle<i32>(c, d, 0, 1, 4, 5);
  word3 = v128.shuffle<i32>(c, d, 2, 3, 6, 7);
}

// @ts-ignore: decorator
@inline
function word(index: i32): v128 { return index == 0 ? word0 : index == 1 ? word1 : index == 2 ? word2 : word3; }

// @ts-ignore: decorator
@inline
function scaled(bits: v128, range: f64, low: f64): v128 {
  const unit = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(bits, 8)), f32x4.splat(<f32>5.9604644775390625e-8));
  const ranges = f64x2.splat(range), lows = f64x2.splat(low);
  // In float64 and rounded once, as the host does it.
  const first = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(unit), ranges), lows);
  const second = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<f32>(unit, unit, 2, 3, 0, 1)), ranges), lows);
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(first), f32x4.demote_f64x2_zero(second), 0, 1, 4, 5);
}

/** y[i] = the uniform number i of (key, counter), scaled to [low, low + range). `counter` is an address. */
export function uniform(y: usize, n: usize, counter: usize, keyLow: u32, keyHigh: u32, range: f64, low: f64): void {
  const step = load<u32>(counter);
  for (let i: usize = 0; i < n; i += 16) {
    sixteen(<u32>(i >> 2), step, keyLow, keyHigh);
    for (let w = 0; w < 4; w++) {
      const at = i + (<usize>w << 2);
      if (at + 4 <= n) v128.store(y + (at << 2), scaled(word(w), range, low));
      else if (at < n) storePart(y + (at << 2), scaled(word(w), range, low), n - at);
    }
  }
}

/** y[i] = x[i] * scale where the upper 24 bits of word i are at least `threshold`, x[i] * 0 elsewhere. */
export function dropout(x: usize, y: usize, n: usize, counter: usize, keyLow: u32, keyHigh: u32, threshold: i32, scale: f32): void {
  const step = load<u32>(counter);
  const thresholds = i32x4.splat(threshold), scales = f32x4.splat(scale);
  for (let i: usize = 0; i < n; i += 16) {
    sixteen(<u32>(i >> 2), step, keyLow, keyHigh);
    for (let w = 0; w < 4; w++) {
      const at = i + (<usize>w << 2) << 2;
      if (at >= n << 2) break;
      const mask = v128.and(scales, i32x4.ge_s(i32x4.shr_u(word(w), 8), thresholds));
      v128.store(y + at, f32x4.mul(v128.load(x + at), mask));
    }
  }
}
