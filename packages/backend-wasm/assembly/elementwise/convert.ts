import { Logical, Test } from '../../src/internal/codes';
import { maskBytes } from './binary';

/** n values of 32 bits, all the same. */
export function fill32(y: usize, bits: i32, n: usize): void {
  const v = i32x4.splat(bits);
  const bytes = n << 2;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, v);
}

export function intToFloat(x: usize, y: usize, n: usize): void {
  const bytes = n << 2;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, f32x4.convert_i32x4_s(v128.load(x + i)));
}

/** Cuts towards zero; beyond the range of int32 the nearest end of it, NaN gives 0. */
export function floatToInt(x: usize, y: usize, n: usize): void {
  const bytes = n << 2;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, i32x4.trunc_sat_f32x4_s(v128.load(x + i)));
}

/** Bytes 0 or 1 to 32-bit values, whole or float. */
export function boolToInt(x: usize, y: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) v128.store(y + (i << 2), i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x + i))));
}

export function boolToFloat(x: usize, y: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) {
    v128.store(y + (i << 2), f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x + i)))));
  }
}

// @ts-ignore: decorator
@inline
function test(op: i32, x: v128): v128 {
  if (op == Test.IsNan) return f32x4.ne(x, x);
  const size = f32x4.abs(x);
  if (op == Test.IsInf) return f32x4.eq(size, f32x4.splat(Infinity));
  if (op == Test.IsFinite) return f32x4.lt(size, f32x4.splat(Infinity));
  return f32x4.ne(x, f32x4.splat(0));
}

// @ts-ignore: decorator
@inline
function testLoop(op: i32, x: usize, y: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) store<u32>(y + i, maskBytes(test(op, v128.load(x + (i << 2)))));
}

/** n bytes of 0 or 1 from n float32 values. */
export function floatTest(op: i32, x: usize, y: usize, n: usize): void {
  if (op == Test.IsNan) testLoop(Test.IsNan, x, y, n);
  else if (op == Test.IsInf) testLoop(Test.IsInf, x, y, n);
  else if (op == Test.IsFinite) testLoop(Test.IsFinite, x, y, n);
  else testLoop(Test.NonZero, x, y, n);
}

export function intToBool(x: usize, y: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) store<u32>(y + i, maskBytes(i32x4.ne(v128.load(x + (i << 2)), i32x4.splat(0))));
}

/** Bytes of 0 or 1. */
export function logical(op: i32, a: usize, b: usize, c: usize, n: usize): void {
  if (op == Logical.And) for (let i: usize = 0; i < n; i += 16) v128.store(c + i, v128.and(v128.load(a + i), v128.load(b + i)));
  else if (op == Logical.Or) for (let i: usize = 0; i < n; i += 16) v128.store(c + i, v128.or(v128.load(a + i), v128.load(b + i)));
  else if (op == Logical.Xor) for (let i: usize = 0; i < n; i += 16) v128.store(c + i, v128.xor(v128.load(a + i), v128.load(b + i)));
  else for (let i: usize = 0; i < n; i += 16) v128.store(c + i, v128.xor(v128.load(a + i), i8x16.splat(1)));
}

/** y[i] = condition[i] ? t[i] : e[i], 32-bit values. */
export function select(condition: usize, t: usize, e: usize, y: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) {
    const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition + i)));
    v128.store(y + (i << 2), v128.bitselect(v128.load(t + (i << 2)), v128.load(e + (i << 2)), i32x4.ne(wide, i32x4.splat(0))));
  }
}

/** Row r of y is row r of t where condition[r], of e where not. */
export function selectRows(condition: usize, t: usize, e: usize, y: usize, rows: usize, rowBytes: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    const at = r * rowBytes;
    memory.copy(y + at, (load<u8>(condition + r) ? t : e) + at, rowBytes);
  }
}
