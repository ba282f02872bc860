import { TILE_COLUMNS, TILE_ROWS } from '../gemm/tile';
import { madd } from '../simd/madd';

export { TILE_COLUMNS, TILE_ROWS };

/** How a tile reads a: one value for all columns with a and b side by side, one value for all columns, or a value for each column. */
export const DIRECT: i32 = 0;
export const SPREAD: i32 = 1;
export const CHANNELS: i32 = 2;

/**
 * The sum that a tile computes: runs of so many bytes of a, `span`, that begin at the offsets in the list from `runs` to `runsEnd`; within a run a goes on by
 * `step` and b by `bStep`, which goes through all runs without a gap.
 */
@unmanaged
export class Sum {
  runs: usize;
  runsEnd: usize;
  span: usize;
  step: usize;
  bStep: usize;
}

// @ts-ignore: decorator
@inline
function first(MODE: i32, p: usize): v128 { return MODE == CHANNELS ? v128.load(p) : v128.load32_splat(p); }
// @ts-ignore: decorator
@inline
function second(MODE: i32, p: usize, v: v128): v128 { return MODE == CHANNELS ? v128.load(p, 16) : v; }

/**
 * A tile of ROWS x 8: c = sum of a * b, or c += it. Row r of a begins at `a` plus the r-th offset in `table`: pixels of an image need not lie at equal
 * distances. All accumulators stay in registers for the whole sum.
 */
// @ts-ignore: decorator
@inline
function tile(ROWS: i32, MODE: i32, table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  if (add) {
    let p = c;
    c00 = v128.load(p); c01 = v128.load(p, 16);
    if (ROWS > 1) { p += cRow; c10 = v128.load(p); c11 = v128.load(p, 16); }
    if (ROWS > 2) { p += cRow; c20 = v128.load(p); c21 = v128.load(p, 16); }
    if (ROWS > 3) { p += cRow; c30 = v128.load(p); c31 = v128.load(p, 16); }
    if (ROWS > 4) { p += cRow; c40 = v128.load(p); c41 = v128.load(p, 16); }
    if (ROWS > 5) { p += cRow; c50 = v128.load(p); c51 = v128.load(p, 16); }
  }
  const a0 = a + load<u32>(table);
  const a1 = ROWS > 1 ? a + load<u32>(table, 4) : 0;
  const a2 = ROWS > 2 ? a + load<u32>(table, 8) : 0;
  const a3 = ROWS > 3 ? a + load<u32>(table, 12) : 0;
  const a4 = ROWS > 4 ? a + load<u32>(table, 16) : 0;
  const a5 = ROWS > 5 ? a + load<u32>(table, 20) : 0;
  const span = sum.span;
  const step = MODE == DIRECT ? <usize>4 : sum.step;
  const bStep = MODE == DIRECT ? <usize>32 : sum.bStep;
  const runsEnd = sum.runsEnd;
  let run = sum.runs;
  let i: usize = 0, end: usize = 0;
  if (run < runsEnd && span > 0) {
    i = load<u32>(run);
    end = i + span;
  }
  // One loop through all runs: V8 spills accumulators that live across nested loops.
  while (i < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let v = first(MODE, a0 + i); c00 = madd(v, b0, c00); v = second(MODE, a0 + i, v); c01 = madd(v, b1, c01);
    if (ROWS > 1) { v = first(MODE, a1 + i); c10 = madd(v, b0, c10); v = second(MODE, a1 + i, v); c11 = madd(v, b1, c11); }
    if (ROWS > 2) { v = first(MODE, a2 + i); c20 = madd(v, b0, c20); v = second(MODE, a2 + i, v); c21 = madd(v, b1, c21); }
    if (ROWS > 3) { v = first(MODE, a3 + i); c30 = madd(v, b0, c30); v = second(MODE, a3 + i, v); c31 = madd(v, b1, c31); }
    if (ROWS > 4) { v = first(MODE, a4 + i); c40 = madd(v, b0, c40); v = second(MODE, a4 + i, v); c41 = madd(v, b1, c41); }
    if (ROWS > 5) { v = first(MODE, a5 + i); c50 = madd(v, b0, c50); v = second(MODE, a5 + i, v); c51 = madd(v, b1, c51); }
    b += bStep;
    i += step;
    if (i >= end) {
      run += 4;
      if (run < runsEnd) {
        i = load<u32>(run);
        end = i + span;
      }
    }
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  if (ROWS > 1) { c += cRow; v128.store(c, c10); v128.store(c, c11, 16); }
  if (ROWS > 2) { c += cRow; v128.store(c, c20); v128.store(c, c21, 16); }
  if (ROWS > 3) { c += cRow; v128.store(c, c30); v128.store(c, c31, 16); }
  if (ROWS > 4) { c += cRow; v128.store(c, c40); v128.store(c, c41, 16); }
  if (ROWS > 5) { c += cRow; v128.store(c, c50); v128.store(c, c51, 16); }
}

function direct6(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(6, DIRECT, table, a, sum, b, c, cRow, add); }
function direct5(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(5, DIRECT, table, a, sum, b, c, cRow, add); }
function direct4(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(4, DIRECT, table, a, sum, b, c, cRow, add); }
function direct3(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(3, DIRECT, table, a, sum, b, c, cRow, add); }
function direct2(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(2, DIRECT, table, a, sum, b, c, cRow, add); }
function direct1(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(1, DIRECT, table, a, sum, b, c, cRow, add); }
function spread6(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(6, SPREAD, table, a, sum, b, c, cRow, add); }
function spread5(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(5, SPREAD, table, a, sum, b, c, cRow, add); }
function spread4(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(4, SPREAD, table, a, sum, b, c, cRow, add); }
function spread3(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(3, SPREAD, table, a, sum, b, c, cRow, add); }
function spread2(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(2, SPREAD, table, a, sum, b, c, cRow, add); }
function spread1(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(1, SPREAD, table, a, sum, b, c, cRow, add); }
function channels6(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(6, CHANNELS, table, a, sum, b, c, cRow, add); }
function channels5(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(5, CHANNELS, table, a, sum, b, c, cRow, add); }
function channels4(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(4, CHANNELS, table, a, sum, b, c, cRow, add); }
function channels3(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(3, CHANNELS, table, a, sum, b, c, cRow, add); }
function channels2(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(2, CHANNELS, table, a, sum, b, c, cRow, add); }
function channels1(table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void { tile(1, CHANNELS, table, a, sum, b, c, cRow, add); }

/** A tile whose innermost loop goes along values of a side by side, with b packed. */
export function directTile(rows: i32, table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void {
  switch (rows) {
    case 6: direct6(table, a, sum, b, c, cRow, add); break;
    case 5: direct5(table, a, sum, b, c, cRow, add); break;
    case 4: direct4(table, a, sum, b, c, cRow, add); break;
    case 3: direct3(table, a, sum, b, c, cRow, add); break;
    case 2: direct2(table, a, sum, b, c, cRow, add); break;
    default: direct1(table, a, sum, b, c, cRow, add);
  }
}

/** A tile whose loops go along pixels or distant taps. */
export function spreadTile(rows: i32, table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void {
  switch (rows) {
    case 6: spread6(table, a, sum, b, c, cRow, add); break;
    case 5: spread5(table, a, sum, b, c, cRow, add); break;
    case 4: spread4(table, a, sum, b, c, cRow, add); break;
    case 3: spread3(table, a, sum, b, c, cRow, add); break;
    case 2: spread2(table, a, sum, b, c, cRow, add); break;
    default: spread1(table, a, sum, b, c, cRow, add);
  }
}

/** A tile that multiplies channel by channel. */
export function channelsTile(rows: i32, table: usize, a: usize, sum: Sum, b: usize, c: usize, cRow: usize, add: bool): void {
  switch (rows) {
    case 6: channels6(table, a, sum, b, c, cRow, add); break;
    case 5: channels5(table, a, sum, b, c, cRow, add); break;
    case 4: channels4(table, a, sum, b, c, cRow, add); break;
    case 3: channels3(table, a, sum, b, c, cRow, add); break;
    case 2: channels2(table, a, sum, b, c, cRow, add); break;
    default: channels1(table, a, sum, b, c, cRow, add);
  }
}
