import { TILE_COLUMNS, TILE_ROWS } from '../gemm/tile';
import { madd } from '../simd/madd';

export { TILE_COLUMNS, TILE_ROWS };

// @ts-ignore: decorator
@inline
function first(CHANNELS: bool, p: usize): v128 { return CHANNELS ? v128.load(p) : v128.load32_splat(p); }
// @ts-ignore: decorator
@inline
function second(CHANNELS: bool, p: usize, v: v128): v128 { return CHANNELS ? v128.load(p, 16) : v; }

/**
 * A tile of ROWS x 8: c = sum over k of a[r, k] * b[k], or c += it.
 *
 * a[r, k] is at `table`[r] + `offsets`[k] + `a`, so that neither the rows (pixels, or taps of a filter) nor the terms of the sum need lie at equal distances:
 * no window is ever copied. With CHANNELS it is eight values, one for each column, else one for all. b goes on by `bStep` each time. One flat loop: V8
 * spills accumulators that live across nested loops, or across a branch.
 */
// @ts-ignore: decorator
@inline
function tile(ROWS: i32, CHANNELS: bool, table: usize, a: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void {
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
  const a0 = load<u32>(table);
  const a1 = ROWS > 1 ? load<u32>(table, 4) : 0;
  const a2 = ROWS > 2 ? load<u32>(table, 8) : 0;
  const a3 = ROWS > 3 ? load<u32>(table, 12) : 0;
  const a4 = ROWS > 4 ? load<u32>(table, 16) : 0;
  const a5 = ROWS > 5 ? load<u32>(table, 20) : 0;
  while (offsets < end) {
    const i = CHANNELS ? load<u32>(offsets) + a : load<u32>(offsets);
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let v = first(CHANNELS, a0 + i); c00 = madd(v, b0, c00); v = second(CHANNELS, a0 + i, v); c01 = madd(v, b1, c01);
    if (ROWS > 1) { v = first(CHANNELS, a1 + i); c10 = madd(v, b0, c10); v = second(CHANNELS, a1 + i, v); c11 = madd(v, b1, c11); }
    if (ROWS > 2) { v = first(CHANNELS, a2 + i); c20 = madd(v, b0, c20); v = second(CHANNELS, a2 + i, v); c21 = madd(v, b1, c21); }
    if (ROWS > 3) { v = first(CHANNELS, a3 + i); c30 = madd(v, b0, c30); v = second(CHANNELS, a3 + i, v); c31 = madd(v, b1, c31); }
    if (ROWS > 4) { v = first(CHANNELS, a4 + i); c40 = madd(v, b0, c40); v = second(CHANNELS, a4 + i, v); c41 = madd(v, b1, c41); }
    if (ROWS > 5) { v = first(CHANNELS, a5 + i); c50 = madd(v, b0, c50); v = second(CHANNELS, a5 + i, v); c51 = madd(v, b1, c51); }
    b += bStep;
    offsets += 4;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  if (ROWS > 1) { c += cRow; v128.store(c, c10); v128.store(c, c11, 16); }
  if (ROWS > 2) { c += cRow; v128.store(c, c20); v128.store(c, c21, 16); }
  if (ROWS > 3) { c += cRow; v128.store(c, c30); v128.store(c, c31, 16); }
  if (ROWS > 4) { c += cRow; v128.store(c, c40); v128.store(c, c41, 16); }
  if (ROWS > 5) { c += cRow; v128.store(c, c50); v128.store(c, c51, 16); }
}

function dense6(table: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(6, false, table, 0, offsets, end, b, bStep, c, cRow, add); }
function dense5(table: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(5, false, table, 0, offsets, end, b, bStep, c, cRow, add); }
function dense4(table: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(4, false, table, 0, offsets, end, b, bStep, c, cRow, add); }
function dense3(table: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(3, false, table, 0, offsets, end, b, bStep, c, cRow, add); }
function dense2(table: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(2, false, table, 0, offsets, end, b, bStep, c, cRow, add); }
function dense1(table: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(1, false, table, 0, offsets, end, b, bStep, c, cRow, add); }
function channels6(table: usize, a: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(6, true, table, a, offsets, end, b, bStep, c, cRow, add); }
function channels5(table: usize, a: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(5, true, table, a, offsets, end, b, bStep, c, cRow, add); }
function channels4(table: usize, a: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(4, true, table, a, offsets, end, b, bStep, c, cRow, add); }
function channels3(table: usize, a: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(3, true, table, a, offsets, end, b, bStep, c, cRow, add); }
function channels2(table: usize, a: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(2, true, table, a, offsets, end, b, bStep, c, cRow, add); }
function channels1(table: usize, a: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(1, true, table, a, offsets, end, b, bStep, c, cRow, add); }

/** A tile that multiplies one value of a with all columns. */
export function denseTile(rows: i32, table: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void {
  switch (rows) {
    case 6: dense6(table, offsets, end, b, bStep, c, cRow, add); break;
    case 5: dense5(table, offsets, end, b, bStep, c, cRow, add); break;
    case 4: dense4(table, offsets, end, b, bStep, c, cRow, add); break;
    case 3: dense3(table, offsets, end, b, bStep, c, cRow, add); break;
    case 2: dense2(table, offsets, end, b, bStep, c, cRow, add); break;
    default: dense1(table, offsets, end, b, bStep, c, cRow, add);
  }
}

/** A tile that multiplies channel by channel. */
export function channelsTile(rows: i32, table: usize, a: usize, offsets: usize, end: usize, b: usize, bStep: usize, c: usize, cRow: usize, add: bool): void {
  switch (rows) {
    case 6: channels6(table, a, offsets, end, b, bStep, c, cRow, add); break;
    case 5: channels5(table, a, offsets, end, b, bStep, c, cRow, add); break;
    case 4: channels4(table, a, offsets, end, b, bStep, c, cRow, add); break;
    case 3: channels3(table, a, offsets, end, b, bStep, c, cRow, add); break;
    case 2: channels2(table, a, offsets, end, b, bStep, c, cRow, add); break;
    default: channels1(table, a, offsets, end, b, bStep, c, cRow, add);
  }
}
