import { madd } from '../simd/madd';

/**
 * A tile of ROWS x 16 of a convolution: c = sum over k of a[r, k] * b[k], or c += it, with b in two panels of 8 columns. As `denseTile` of convolution/tile.ts: a[r, k] is at
 * `table`[r] + `offsets`[k].
 */
// @ts-ignore: decorator
@inline
function tile(ROWS: i32, table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void {
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
  const a0 = load<u32>(table);
  const a1 = ROWS > 1 ? load<u32>(table, 4) : 0;
  const a2 = ROWS > 2 ? load<u32>(table, 8) : 0;
  const a3 = ROWS > 3 ? load<u32>(table, 12) : 0;
  const a4 = ROWS > 4 ? load<u32>(table, 16) : 0;
  const a5 = ROWS > 5 ? load<u32>(table, 20) : 0;
  while (offsets < end) {
    const i = load<u32>(offsets);
    const b0 = v128.load(b), b1 = v128.load(b, 16), d0 = v128.load(d), d1 = v128.load(d, 16);
    let v = v128.load32_splat(a0 + i); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01); c02 = madd(v, d0, c02); c03 = madd(v, d1, c03);
    if (ROWS > 1) { v = v128.load32_splat(a1 + i); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11); c12 = madd(v, d0, c12); c13 = madd(v, d1, c13); }
    if (ROWS > 2) { v = v128.load32_splat(a2 + i); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21); c22 = madd(v, d0, c22); c23 = madd(v, d1, c23); }
    if (ROWS > 3) { v = v128.load32_splat(a3 + i); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31); c32 = madd(v, d0, c32); c33 = madd(v, d1, c33); }
    if (ROWS > 4) { v = v128.load32_splat(a4 + i); c40 = madd(v, b0, c40); c41 = madd(v, b1, c41); c42 = madd(v, d0, c42); c43 = madd(v, d1, c43); }
    if (ROWS > 5) { v = v128.load32_splat(a5 + i); c50 = madd(v, b0, c50); c51 = madd(v, b1, c51); c52 = madd(v, d0, c52); c53 = madd(v, d1, c53); }
    b += bStep;
    d += bStep;
    offsets += 4;
  }
  v128.store(c, c03, 48); v128.store(c, c02, 32); v128.store(c, c01, 16); v128.store(c, c00);
  if (ROWS > 1) { c += cRow; v128.store(c, c13, 48); v128.store(c, c12, 32); v128.store(c, c11, 16); v128.store(c, c10); }
  if (ROWS > 2) { c += cRow; v128.store(c, c23, 48); v128.store(c, c22, 32); v128.store(c, c21, 16); v128.store(c, c20); }
  if (ROWS > 3) { c += cRow; v128.store(c, c33, 48); v128.store(c, c32, 32); v128.store(c, c31, 16); v128.store(c, c30); }
  if (ROWS > 4) { c += cRow; v128.store(c, c43, 48); v128.store(c, c42, 32); v128.store(c, c41, 16); v128.store(c, c40); }
  if (ROWS > 5) { c += cRow; v128.store(c, c53, 48); v128.store(c, c52, 32); v128.store(c, c51, 16); v128.store(c, c50); }
}

function dense6(table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(6, table, offsets, end, b, d, bStep, c, cRow, add); }
function dense5(table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(5, table, offsets, end, b, d, bStep, c, cRow, add); }
function dense4(table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(4, table, offsets, end, b, d, bStep, c, cRow, add); }
function dense3(table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(3, table, offsets, end, b, d, bStep, c, cRow, add); }
function dense2(table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(2, table, offsets, end, b, d, bStep, c, cRow, add); }
function dense1(table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void { tile(1, table, offsets, end, b, d, bStep, c, cRow, add); }

/** A tile of `rows` x 16. */
export function denseTile(rows: i32, table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void {
  switch (rows) {
    case 6: dense6(table, offsets, end, b, d, bStep, c, cRow, add); break;
    case 5: dense5(table, offsets, end, b, d, bStep, c, cRow, add); break;
    case 4: dense4(table, offsets, end, b, d, bStep, c, cRow, add); break;
    case 3: dense3(table, offsets, end, b, d, bStep, c, cRow, add); break;
    case 2: dense2(table, offsets, end, b, d, bStep, c, cRow, add); break;
    default: dense1(table, offsets, end, b, d, bStep, c, cRow, add);
  }
}
