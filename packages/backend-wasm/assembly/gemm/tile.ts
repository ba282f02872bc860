import { madd } from '../simd/madd';

/** Rows of the largest tile: with 8 columns, 10 accumulators where a product needs a register of its own, 12 where multiply and add are one. */
export const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
/** Columns of a tile: two vectors. */
export const TILE_COLUMNS: i32 = 8;

/**
 * A tile of ROWS x 8: c = a * b, or c += a * b.
 *
 * `aRow` and `aStep` are the bytes from one row of a to the next and from one k to the next, `bStep` those between two k of b. With PANEL the rows of
 * one k lie side by side (a packed panel, or a transposed operand in place) and need no pointers of their own. One k a round: V8 keeps all
 * accumulators in registers that way and spills when the loop is unrolled.
 */
// @ts-ignore: decorator
@inline
function tile(ROWS: i32, PANEL: bool, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void {
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
  if (PANEL) {
    while (k > 0) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let v = v128.load32_splat(a); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01);
      if (ROWS > 1) { v = v128.load32_splat(a, 4); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11); }
      if (ROWS > 2) { v = v128.load32_splat(a, 8); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21); }
      if (ROWS > 3) { v = v128.load32_splat(a, 12); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31); }
      if (ROWS > 4) { v = v128.load32_splat(a, 16); c40 = madd(v, b0, c40); c41 = madd(v, b1, c41); }
      if (ROWS > 5) { v = v128.load32_splat(a, 20); c50 = madd(v, b0, c50); c51 = madd(v, b1, c51); }
      a += aStep;
      b += bStep;
      k--;
    }
  } else {
    const a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
    let i: usize = 0;
    const end = <usize>k << 2;
    while (i < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let v = v128.load32_splat(a + i); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01);
      if (ROWS > 1) { v = v128.load32_splat(a1 + i); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11); }
      if (ROWS > 2) { v = v128.load32_splat(a2 + i); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21); }
      if (ROWS > 3) { v = v128.load32_splat(a3 + i); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31); }
      if (ROWS > 4) { v = v128.load32_splat(a4 + i); c40 = madd(v, b0, c40); c41 = madd(v, b1, c41); }
      if (ROWS > 5) { v = v128.load32_splat(a5 + i); c50 = madd(v, b0, c50); c51 = madd(v, b1, c51); }
      b += bStep;
      i += 4;
    }
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  if (ROWS > 1) { c += cRow; v128.store(c, c10); v128.store(c, c11, 16); }
  if (ROWS > 2) { c += cRow; v128.store(c, c20); v128.store(c, c21, 16); }
  if (ROWS > 3) { c += cRow; v128.store(c, c30); v128.store(c, c31, 16); }
  if (ROWS > 4) { c += cRow; v128.store(c, c40); v128.store(c, c41, 16); }
  if (ROWS > 5) { c += cRow; v128.store(c, c50); v128.store(c, c51, 16); }
}

function panel6(a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(6, true, a, 0, aStep, b, bStep, c, cRow, k, add); }
function panel5(a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(5, true, a, 0, aStep, b, bStep, c, cRow, k, add); }
function panel4(a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(4, true, a, 0, aStep, b, bStep, c, cRow, k, add); }
function panel3(a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(3, true, a, 0, aStep, b, bStep, c, cRow, k, add); }
function panel2(a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(2, true, a, 0, aStep, b, bStep, c, cRow, k, add); }
function panel1(a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(1, true, a, 0, aStep, b, bStep, c, cRow, k, add); }
function rows6(a: usize, aRow: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(6, false, a, aRow, 4, b, bStep, c, cRow, k, add); }
function rows5(a: usize, aRow: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(5, false, a, aRow, 4, b, bStep, c, cRow, k, add); }
function rows4(a: usize, aRow: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(4, false, a, aRow, 4, b, bStep, c, cRow, k, add); }
function rows3(a: usize, aRow: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(3, false, a, aRow, 4, b, bStep, c, cRow, k, add); }
function rows2(a: usize, aRow: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(2, false, a, aRow, 4, b, bStep, c, cRow, k, add); }
function rows1(a: usize, aRow: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(1, false, a, aRow, 4, b, bStep, c, cRow, k, add); }

/** A tile of `rows` x 8 from a panel of a. */
export function panelTile(rows: i32, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void {
  switch (rows) {
    case 6: panel6(a, aStep, b, bStep, c, cRow, k, add); break;
    case 5: panel5(a, aStep, b, bStep, c, cRow, k, add); break;
    case 4: panel4(a, aStep, b, bStep, c, cRow, k, add); break;
    case 3: panel3(a, aStep, b, bStep, c, cRow, k, add); break;
    case 2: panel2(a, aStep, b, bStep, c, cRow, k, add); break;
    default: panel1(a, aStep, b, bStep, c, cRow, k, add);
  }
}

/** A tile of `rows` x 8 from rows of a in place. */
export function rowsTile(rows: i32, a: usize, aRow: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void {
  switch (rows) {
    case 6: rows6(a, aRow, b, bStep, c, cRow, k, add); break;
    case 5: rows5(a, aRow, b, bStep, c, cRow, k, add); break;
    case 4: rows4(a, aRow, b, bStep, c, cRow, k, add); break;
    case 3: rows3(a, aRow, b, bStep, c, cRow, k, add); break;
    case 2: rows2(a, aRow, b, bStep, c, cRow, k, add); break;
    default: rows1(a, aRow, b, bStep, c, cRow, k, add);
  }
}
