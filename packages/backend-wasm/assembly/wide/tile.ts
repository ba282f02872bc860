import { madd } from '../simd/madd';

/**
 * A tile of ROWS x 16: c = a * b, or c += a * b, with b in two panels of 8 columns. Two vectors that lie side by side are one of 256 bits where the engine joins them:
 * then the accumulators fill its registers. The order of the sums is that of a tile of 8 columns, so are the bits.
 *
 * With PANEL the rows of one k lie side by side, `aStep` bytes from one k to the next; else row after row, `aRow` bytes apart. Stores go from the last to the first: the
 * engine joins those without writing the first one twice.
 */
// @ts-ignore: decorator
@inline
function tile(ROWS: i32, PANEL: bool, a: usize, aRow: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00;
  let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  let c20 = c00, c21 = c00, c22 = c00, c23 = c00;
  let c30 = c00, c31 = c00, c32 = c00, c33 = c00;
  let c40 = c00, c41 = c00, c42 = c00, c43 = c00;
  let c50 = c00, c51 = c00, c52 = c00, c53 = c00;
  if (add) {
    let p = c;
    c00 = v128.load(p); c01 = v128.load(p, 16); c02 = v128.load(p, 32); c03 = v128.load(p, 48);
    if (ROWS > 1) { p += cRow; c10 = v128.load(p); c11 = v128.load(p, 16); c12 = v128.load(p, 32); c13 = v128.load(p, 48); }
    if (ROWS > 2) { p += cRow; c20 = v128.load(p); c21 = v128.load(p, 16); c22 = v128.load(p, 32); c23 = v128.load(p, 48); }
    if (ROWS > 3) { p += cRow; c30 = v128.load(p); c31 = v128.load(p, 16); c32 = v128.load(p, 32); c33 = v128.load(p, 48); }
    if (ROWS > 4) { p += cRow; c40 = v128.load(p); c41 = v128.load(p, 16); c42 = v128.load(p, 32); c43 = v128.load(p, 48); }
    if (ROWS > 5) { p += cRow; c50 = v128.load(p); c51 = v128.load(p, 16); c52 = v128.load(p, 32); c53 = v128.load(p, 48); }
  }
  if (PANEL) {
    while (k > 0) {
      const b0 = v128.load(b), b1 = v128.load(b, 16), d0 = v128.load(d), d1 = v128.load(d, 16);
      let v = v128.load32_splat(a); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01); c02 = madd(v, d0, c02); c03 = madd(v, d1, c03);
      if (ROWS > 1) { v = v128.load32_splat(a, 4); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11); c12 = madd(v, d0, c12); c13 = madd(v, d1, c13); }
      if (ROWS > 2) { v = v128.load32_splat(a, 8); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21); c22 = madd(v, d0, c22); c23 = madd(v, d1, c23); }
      if (ROWS > 3) { v = v128.load32_splat(a, 12); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31); c32 = madd(v, d0, c32); c33 = madd(v, d1, c33); }
      if (ROWS > 4) { v = v128.load32_splat(a, 16); c40 = madd(v, b0, c40); c41 = madd(v, b1, c41); c42 = madd(v, d0, c42); c43 = madd(v, d1, c43); }
      if (ROWS > 5) { v = v128.load32_splat(a, 20); c50 = madd(v, b0, c50); c51 = madd(v, b1, c51); c52 = madd(v, d0, c52); c53 = madd(v, d1, c53); }
      a += aStep;
      b += bStep;
      d += bStep;
      k--;
    }
  } else {
    const a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
    let i: usize = 0;
    const end = <usize>k << 2;
    while (i < end) {
      const b0 = v128.load(b), b1 = v128.load(b, 16), d0 = v128.load(d), d1 = v128.load(d, 16);
      let v = v128.load32_splat(a + i); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01); c02 = madd(v, d0, c02); c03 = madd(v, d1, c03);
      if (ROWS > 1) { v = v128.load32_splat(a1 + i); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11); c12 = madd(v, d0, c12); c13 = madd(v, d1, c13); }
      if (ROWS > 2) { v = v128.load32_splat(a2 + i); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21); c22 = madd(v, d0, c22); c23 = madd(v, d1, c23); }
      if (ROWS > 3) { v = v128.load32_splat(a3 + i); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31); c32 = madd(v, d0, c32); c33 = madd(v, d1, c33); }
      if (ROWS > 4) { v = v128.load32_splat(a4 + i); c40 = madd(v, b0, c40); c41 = madd(v, b1, c41); c42 = madd(v, d0, c42); c43 = madd(v, d1, c43); }
      if (ROWS > 5) { v = v128.load32_splat(a5 + i); c50 = madd(v, b0, c50); c51 = madd(v, b1, c51); c52 = madd(v, d0, c52); c53 = madd(v, d1, c53); }
      b += bStep;
      d += bStep;
      i += 4;
    }
  }
  v128.store(c, c03, 48); v128.store(c, c02, 32); v128.store(c, c01, 16); v128.store(c, c00);
  if (ROWS > 1) { c += cRow; v128.store(c, c13, 48); v128.store(c, c12, 32); v128.store(c, c11, 16); v128.store(c, c10); }
  if (ROWS > 2) { c += cRow; v128.store(c, c23, 48); v128.store(c, c22, 32); v128.store(c, c21, 16); v128.store(c, c20); }
  if (ROWS > 3) { c += cRow; v128.store(c, c33, 48); v128.store(c, c32, 32); v128.store(c, c31, 16); v128.store(c, c30); }
  if (ROWS > 4) { c += cRow; v128.store(c, c43, 48); v128.store(c, c42, 32); v128.store(c, c41, 16); v128.store(c, c40); }
  if (ROWS > 5) { c += cRow; v128.store(c, c53, 48); v128.store(c, c52, 32); v128.store(c, c51, 16); v128.store(c, c50); }
}

function panel6(a: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(6, true, a, 0, aStep, b, d, bStep, c, cRow, k, add); }
function panel5(a: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(5, true, a, 0, aStep, b, d, bStep, c, cRow, k, add); }
function panel4(a: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(4, true, a, 0, aStep, b, d, bStep, c, cRow, k, add); }
function panel3(a: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(3, true, a, 0, aStep, b, d, bStep, c, cRow, k, add); }
function panel2(a: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(2, true, a, 0, aStep, b, d, bStep, c, cRow, k, add); }
function panel1(a: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(1, true, a, 0, aStep, b, d, bStep, c, cRow, k, add); }
function rows6(a: usize, aRow: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(6, false, a, aRow, 4, b, d, bStep, c, cRow, k, add); }
function rows5(a: usize, aRow: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(5, false, a, aRow, 4, b, d, bStep, c, cRow, k, add); }
function rows4(a: usize, aRow: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(4, false, a, aRow, 4, b, d, bStep, c, cRow, k, add); }
function rows3(a: usize, aRow: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(3, false, a, aRow, 4, b, d, bStep, c, cRow, k, add); }
function rows2(a: usize, aRow: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(2, false, a, aRow, 4, b, d, bStep, c, cRow, k, add); }
function rows1(a: usize, aRow: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void { tile(1, false, a, aRow, 4, b, d, bStep, c, cRow, k, add); }

/** A tile of `rows` x 16 from a panel of a. */
export function panelTile(rows: i32, a: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void {
  switch (rows) {
    case 6: panel6(a, aStep, b, d, bStep, c, cRow, k, add); break;
    case 5: panel5(a, aStep, b, d, bStep, c, cRow, k, add); break;
    case 4: panel4(a, aStep, b, d, bStep, c, cRow, k, add); break;
    case 3: panel3(a, aStep, b, d, bStep, c, cRow, k, add); break;
    case 2: panel2(a, aStep, b, d, bStep, c, cRow, k, add); break;
    default: panel1(a, aStep, b, d, bStep, c, cRow, k, add);
  }
}

/** A tile of `rows` x 16 from rows of a in place. */
export function rowsTile(rows: i32, a: usize, aRow: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void {
  switch (rows) {
    case 6: rows6(a, aRow, b, d, bStep, c, cRow, k, add); break;
    case 5: rows5(a, aRow, b, d, bStep, c, cRow, k, add); break;
    case 4: rows4(a, aRow, b, d, bStep, c, cRow, k, add); break;
    case 3: rows3(a, aRow, b, d, bStep, c, cRow, k, add); break;
    case 2: rows2(a, aRow, b, d, bStep, c, cRow, k, add); break;
    default: rows1(a, aRow, b, d, bStep, c, cRow, k, add);
  }
}
