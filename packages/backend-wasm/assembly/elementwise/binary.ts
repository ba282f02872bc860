import { Binary, Comparison } from '../../src/internal/codes';
import { Job, argument, lanes, setArgument } from '../pool/job';
import { parallel } from '../pool/parallel';
import { angle, floorDivision, floorRemainder, power } from '../simd/wide';
import { UNIT_BYTES } from './unary';
import { wholePower, wholeQuotient, wholeRemainder } from './whole';

// How the rows of an operand are read.
/** One value for the whole row, or element by element. */
// @ts-ignore: decorator
@inline
function read(splat: bool, p: usize, i: usize): v128 { return splat ? v128.load32_splat(p) : v128.load(p + i); }

// @ts-ignore: decorator
@inline
function apply(op: i32, a: v128, b: v128): v128 {
  if (op == Binary.Add) return f32x4.add(a, b);
  if (op == Binary.Sub) return f32x4.sub(a, b);
  if (op == Binary.Multiply) return f32x4.mul(a, b);
  if (op == Binary.RealDiv) return f32x4.div(a, b);
  if (op == Binary.Maximum) return f32x4.max(a, b);
  if (op == Binary.Minimum) return f32x4.min(a, b);
  if (op == Binary.SquaredDifference) { const d = f32x4.sub(a, b); return f32x4.mul(d, d); }
  if (op == Binary.Prelu) return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
  if (op == Binary.Pow) return power(a, b);
  if (op == Binary.Atan2) return angle(a, b);
  if (op == Binary.FloorDiv) return floorDivision(a, b);
  if (op == Binary.Mod) return floorRemainder(a, b);
  // EluGrad: a is the gradient, b the result of elu.
  return v128.bitselect(a, f32x4.mul(a, f32x4.add(b, f32x4.splat(1))), f32x4.ge(b, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function applyInt(op: i32, a: v128, b: v128): v128 {
  if (op == Binary.Add) return i32x4.add(a, b);
  if (op == Binary.Sub) return i32x4.sub(a, b);
  if (op == Binary.Multiply) return i32x4.mul(a, b);
  if (op == Binary.Maximum) return i32x4.max_s(a, b);
  if (op == Binary.Minimum) return i32x4.min_s(a, b);
  if (op == Binary.BitwiseAnd) return v128.and(a, b);
  if (op == Binary.FloorDiv) return wholeQuotient(a, b);
  if (op == Binary.Mod) return wholeRemainder(a, b);
  if (op == Binary.Pow) return wholePower(a, b);
  const d = i32x4.sub(a, b);
  return i32x4.mul(d, d);
}

// @ts-ignore: decorator
@inline
function compare(op: i32, int: bool, a: v128, b: v128): v128 {
  if (int) {
    if (op == Comparison.Equal) return i32x4.eq(a, b);
    if (op == Comparison.NotEqual) return i32x4.ne(a, b);
    if (op == Comparison.Less) return i32x4.lt_s(a, b);
    if (op == Comparison.LessEqual) return i32x4.le_s(a, b);
    if (op == Comparison.Greater) return i32x4.gt_s(a, b);
    return i32x4.ge_s(a, b);
  }
  if (op == Comparison.Equal) return f32x4.eq(a, b);
  if (op == Comparison.NotEqual) return f32x4.ne(a, b);
  if (op == Comparison.Less) return f32x4.lt(a, b);
  if (op == Comparison.LessEqual) return f32x4.le(a, b);
  if (op == Comparison.Greater) return f32x4.gt(a, b);
  return f32x4.ge(a, b);
}

/** The first `count` of four values. Rows are not padded: the vector after the last whole one belongs to the next row. */
// @ts-ignore: decorator
@inline
export function storePart(to: usize, v: v128, count: usize): void {
  if (count & 2) {
    v128.store_lane<u64>(to, v, 0);
    if (count & 1) v128.store_lane<u32>(to, v, 2, 8);
  } else if (count & 1) {
    v128.store_lane<u32>(to, v, 0);
  }
}

/** Four masks to four bytes of 0 or 1. */
// @ts-ignore: decorator
@inline
export function maskBytes(mask: v128): u32 {
  const words = i16x8.narrow_i32x4_s(mask, mask);
  return <u32>i32x4.extract_lane(i8x16.narrow_i16x8_s(words, words), 0) & 0x01010101;
}

/** One row of n elements. */
// @ts-ignore: decorator
@inline
function row(op: i32, int: bool, aSplat: bool, bSplat: bool, a: usize, b: usize, c: usize, n: usize): void {
  const whole = (n & ~3) << 2;
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const x = read(aSplat, a, i), y = read(bSplat, b, i);
    v128.store(c + i, int ? applyInt(op, x, y) : apply(op, x, y));
  }
  if (n & 3) {
    const x = read(aSplat, a, i), y = read(bSplat, b, i);
    storePart(c + i, int ? applyInt(op, x, y) : apply(op, x, y), n & 3);
  }
}

// @ts-ignore: decorator
@inline
function compareRow(op: i32, int: bool, aSplat: bool, bSplat: bool, a: usize, b: usize, c: usize, n: usize): void {
  const whole = n & ~3;
  let i: usize = 0;
  for (; i < whole; i += 4) store<u32>(c + i, maskBytes(compare(op, int, read(aSplat, a, i << 2), read(bSplat, b, i << 2))));
  if (i < n) {
    let bytes = maskBytes(compare(op, int, read(aSplat, a, i << 2), read(bSplat, b, i << 2)));
    for (; i < n; i++, bytes >>= 8) store<u8>(c + i, <u8>bytes);
  }
}

// @ts-ignore: decorator
@inline
function rows(op: i32, int: bool, comparison: bool, aSplat: bool, bSplat: bool, a: usize, b: usize, c: usize, cRow: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void {
  a += <usize>r0 * aRow;
  b += <usize>r0 * bRow;
  c += <usize>r0 * cRow;
  for (let r = r0; r < r1; r++) {
    if (comparison) compareRow(op, int, aSplat, bSplat, a, b, c, n);
    else row(op, int, aSplat, bSplat, a, b, c, n);
    a += aRow;
    b += bRow;
    c += cRow;
  }
}

// @ts-ignore: decorator
@inline
function pattern(op: i32, int: bool, comparison: bool, splats: i32, a: usize, b: usize, c: usize, cRow: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void {
  if (splats == 0) rows(op, int, comparison, false, false, a, b, c, cRow, n, aRow, bRow, r0, r1);
  else if (splats == 1) rows(op, int, comparison, true, false, a, b, c, cRow, n, aRow, bRow, r0, r1);
  else rows(op, int, comparison, false, true, a, b, c, cRow, n, aRow, bRow, r0, r1);
}

// One function each, as in unary.ts.
function floatAdd(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Add, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatSub(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Sub, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatMultiply(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Multiply, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatRealDiv(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.RealDiv, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatMaximum(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Maximum, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatMinimum(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Minimum, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatSquaredDifference(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.SquaredDifference, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatPrelu(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Prelu, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatEluGrad(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.EluGrad, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatPow(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Pow, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatAtan2(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Atan2, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatFloorDiv(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.FloorDiv, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatMod(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Mod, false, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intAdd(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Add, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intSub(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Sub, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intMultiply(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Multiply, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intMaximum(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Maximum, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intMinimum(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Minimum, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intSquaredDifference(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.SquaredDifference, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intPow(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Pow, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intFloorDiv(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.FloorDiv, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intMod(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.Mod, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function intBitwiseAnd(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Binary.BitwiseAnd, true, false, splats, a, b, c, n << 2, n, aRow, bRow, r0, r1); }
function floatEqual(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.Equal, false, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function floatNotEqual(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.NotEqual, false, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function floatLess(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.Less, false, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function floatLessEqual(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.LessEqual, false, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function floatGreater(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.Greater, false, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function floatGreaterEqual(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.GreaterEqual, false, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function intEqual(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.Equal, true, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function intNotEqual(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.NotEqual, true, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function intLess(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.Less, true, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function intLessEqual(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.LessEqual, true, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function intGreater(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.Greater, true, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }
function intGreaterEqual(splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void { pattern(Comparison.GreaterEqual, true, true, splats, a, b, c, n, n, aRow, bRow, r0, r1); }

// @ts-ignore: decorator
@inline
function run(op: i32, splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void {
  switch (op) {
    case Binary.Add: floatAdd(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Sub: floatSub(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Multiply: floatMultiply(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.RealDiv: floatRealDiv(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Maximum: floatMaximum(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Minimum: floatMinimum(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.SquaredDifference: floatSquaredDifference(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Prelu: floatPrelu(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Pow: floatPow(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Atan2: floatAtan2(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.FloorDiv: floatFloorDiv(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Mod: floatMod(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    default: floatEluGrad(splats, a, b, c, n, aRow, bRow, r0, r1);
  }
}

// @ts-ignore: decorator
@inline
function runInt(op: i32, splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void {
  switch (op) {
    case Binary.Add: intAdd(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Sub: intSub(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Multiply: intMultiply(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Maximum: intMaximum(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Minimum: intMinimum(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Pow: intPow(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.FloorDiv: intFloorDiv(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.Mod: intMod(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Binary.BitwiseAnd: intBitwiseAnd(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    default: intSquaredDifference(splats, a, b, c, n, aRow, bRow, r0, r1);
  }
}

// @ts-ignore: decorator
@inline
function runComparison(op: i32, splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void {
  switch (op) {
    case Comparison.Equal: floatEqual(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Comparison.NotEqual: floatNotEqual(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Comparison.Less: floatLess(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Comparison.LessEqual: floatLessEqual(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Comparison.Greater: floatGreater(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    default: floatGreaterEqual(splats, a, b, c, n, aRow, bRow, r0, r1);
  }
}

// @ts-ignore: decorator
@inline
function runIntComparison(op: i32, splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void {
  switch (op) {
    case Comparison.Equal: intEqual(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Comparison.NotEqual: intNotEqual(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Comparison.Less: intLess(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Comparison.LessEqual: intLessEqual(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    case Comparison.Greater: intGreater(splats, a, b, c, n, aRow, bRow, r0, r1); break;
    default: intGreaterEqual(splats, a, b, c, n, aRow, bRow, r0, r1);
  }
}

/** What `binary` computes. */
const FLOAT: i32 = 0;
const INT: i32 = 1;
const FLOAT_COMPARISON: i32 = 2;

// @ts-ignore: decorator
@inline
function dispatch(kind: i32, op: i32, splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, r0: i32, r1: i32): void {
  if (kind == FLOAT) run(op, splats, a, b, c, n, aRow, bRow, r0, r1);
  else if (kind == INT) runInt(op, splats, a, b, c, n, aRow, bRow, r0, r1);
  else if (kind == FLOAT_COMPARISON) runComparison(op, splats, a, b, c, n, aRow, bRow, r0, r1);
  else runIntComparison(op, splats, a, b, c, n, aRow, bRow, r0, r1);
}

/**
 * c[r, i] = op(a[r, i], b[r, i]) for `count` rows of n elements. kind: 0 float32, 1 int32, 2 and 3 comparisons of either, which write bytes. splats: 1 a has
 * one value a row, 2 b has. aRow and bRow: the bytes from one row to the next, 0 for the same row again. c may be a or b where that one is not broadcast.
 */
export function binary(kind: i32, op: i32, splats: i32, a: usize, b: usize, c: usize, n: usize, aRow: usize, bRow: usize, count: i32): void {
  const bytes = n * <usize>count << 2;
  if (bytes <= UNIT_BYTES || lanes() == 1) {
    dispatch(kind, op, splats, a, b, c, n, aRow, bRow, 0, count);
    return;
  }
  setArgument(0, kind);
  setArgument(1, op);
  setArgument(2, splats);
  setArgument(3, <u32>a);
  setArgument(4, <u32>b);
  setArgument(5, <u32>c);
  setArgument(6, <u32>n);
  setArgument(7, <u32>aRow);
  setArgument(8, <u32>bRow);
  setArgument(9, count);
  // One row is cut into columns, several into rows.
  const perUnit = count == 1 ? 0 : max<i32>(1, <i32>(UNIT_BYTES / (n << 2)));
  setArgument(10, perUnit);
  parallel(Job.Binary, count == 1 ? <i32>((bytes + UNIT_BYTES - 1) / UNIT_BYTES) : (count + perUnit - 1) / perUnit);
}

export function binaryUnit(unit: i32): void {
  const kind = <i32>argument(0), op = <i32>argument(1), splats = <i32>argument(2);
  const perUnit = <i32>argument(10);
  const n = <usize>argument(6);
  let a: usize = argument(3), b: usize = argument(4), c: usize = argument(5);
  let columns = n, r0 = unit * perUnit, r1 = min<i32>(r0 + perUnit, argument(9));
  if (perUnit == 0) {
    const first = <usize>unit * (UNIT_BYTES >> 2);
    a += splats == 1 ? 0 : first << 2;
    b += splats == 2 ? 0 : first << 2;
    c += kind < FLOAT_COMPARISON ? first << 2 : first;
    columns = min(UNIT_BYTES >> 2, n - first);
    r0 = 0;
    r1 = 1;
  }
  dispatch(kind, op, splats, a, b, c, columns, argument(7), argument(8), r0, r1);
}
