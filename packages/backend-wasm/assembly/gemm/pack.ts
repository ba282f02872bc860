import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** One transposition of 4 x 4 values: four vectors, the parts of which `low` and `high` pair up. */
// @ts-ignore: decorator
@inline
function lowPairs(x: v128, y: v128): v128 { return v128.shuffle<f32>(x, y, 0, 4, 1, 5); }
// @ts-ignore: decorator
@inline
function highPairs(x: v128, y: v128): v128 { return v128.shuffle<f32>(x, y, 2, 6, 3, 7); }
// @ts-ignore: decorator
@inline
function lowHalves(x: v128, y: v128): v128 { return v128.shuffle<f32>(x, y, 0, 1, 4, 5); }
// @ts-ignore: decorator
@inline
function highHalves(x: v128, y: v128): v128 { return v128.shuffle<f32>(x, y, 2, 3, 6, 7); }

/** Copies `rows` rows of b from `row0` on, so many values of `k`, side by side: out[k][8 columns]; columns beyond n are zero. `out` has k rows of 8. */
export function packPanelB(b: usize, bRow: usize, transposed: bool, k: i32, columns: i32, out: usize): void {
  if (columns < TILE_COLUMNS) {
    const rowStep = transposed ? <usize>4 : bRow;
    const columnStep = transposed ? bRow : <usize>4;
    for (let i = 0; i < k; i++) {
      v128.store(out, f32x4.splat(0));
      v128.store(out, f32x4.splat(0), 16);
      for (let j = 0; j < columns; j++) store<f32>(out + (<usize>j << 2), load<f32>(b + <usize>j * columnStep));
      b += rowStep;
      out += 32;
    }
    return;
  }
  if (!transposed) {
    for (let i = 0; i < k; i++) {
      v128.store(out, v128.load(b));
      v128.store(out, v128.load(b, 16), 16);
      b += bRow;
      out += 32;
    }
    return;
  }
  const b1 = b + bRow, b2 = b1 + bRow, b3 = b2 + bRow, b4 = b3 + bRow, b5 = b4 + bRow, b6 = b5 + bRow, b7 = b6 + bRow;
  let i: usize = 0;
  const end4 = <usize>(k & ~3) << 2;
  while (i < end4) {
    let x = v128.load(b + i), y = v128.load(b1 + i), z = v128.load(b2 + i), w = v128.load(b3 + i);
    let xy = lowPairs(x, y), zw = lowPairs(z, w);
    v128.store(out, lowHalves(xy, zw));
    v128.store(out, highHalves(xy, zw), 32);
    xy = highPairs(x, y); zw = highPairs(z, w);
    v128.store(out, lowHalves(xy, zw), 64);
    v128.store(out, highHalves(xy, zw), 96);
    x = v128.load(b4 + i); y = v128.load(b5 + i); z = v128.load(b6 + i); w = v128.load(b7 + i);
    xy = lowPairs(x, y); zw = lowPairs(z, w);
    v128.store(out, lowHalves(xy, zw), 16);
    v128.store(out, highHalves(xy, zw), 48);
    xy = highPairs(x, y); zw = highPairs(z, w);
    v128.store(out, lowHalves(xy, zw), 80);
    v128.store(out, highHalves(xy, zw), 112);
    out += 128;
    i += 16;
  }
  const end = <usize>k << 2;
  while (i < end) {
    store<f32>(out, load<f32>(b + i)); store<f32>(out, load<f32>(b1 + i), 4);
    store<f32>(out, load<f32>(b2 + i), 8); store<f32>(out, load<f32>(b3 + i), 12);
    store<f32>(out, load<f32>(b4 + i), 16); store<f32>(out, load<f32>(b5 + i), 20);
    store<f32>(out, load<f32>(b6 + i), 24); store<f32>(out, load<f32>(b7 + i), 28);
    out += 32;
    i += 4;
  }
}

/** Two neighbouring panels at once, of rows that are not transposed: a cache line of each row is read once. */
export function packTwoPanels(b: usize, bRow: usize, k: i32, out: usize, next: usize): void {
  for (let i = 0; i < k; i++) {
    v128.store(out, v128.load(b));
    v128.store(out, v128.load(b, 16), 16);
    v128.store(next, v128.load(b, 32));
    v128.store(next, v128.load(b, 48), 16);
    b += bRow;
    out += 32;
    next += 32;
  }
}

/** Copies a tile's rows of a, so many values of k: out[k][TILE_ROWS]. Only `rows` of the TILE_ROWS places are written. */
export function packPanelA(a: usize, aRow: usize, transposed: bool, rows: i32, k: i32, out: usize): void {
  const step = <usize>TILE_ROWS << 2;
  if (transposed) {
    for (let i = 0; i < k; i++) {
      // Places beyond `rows` are read and written too where a vector does it in one go: nobody looks at them.
      if (rows >= 4) {
        v128.store(out, v128.load(a));
        if (rows > 4) store<f32>(out, load<f32>(a, 16), 16);
        if (rows > 5) store<f32>(out, load<f32>(a, 20), 20);
      } else {
        for (let r = 0; r < rows; r++) store<f32>(out + (<usize>r << 2), load<f32>(a + (<usize>r << 2)));
      }
      a += aRow;
      out += step;
    }
    return;
  }
  let r = 0;
  if (rows >= 4) {
    const a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
    let o = out;
    let i: usize = 0;
    const end4 = <usize>(k & ~3) << 2;
    while (i < end4) {
      const x = v128.load(a + i), y = v128.load(a1 + i), z = v128.load(a2 + i), w = v128.load(a3 + i);
      let xy = lowPairs(x, y), zw = lowPairs(z, w);
      v128.store(o, lowHalves(xy, zw)); o += step;
      v128.store(o, highHalves(xy, zw)); o += step;
      xy = highPairs(x, y); zw = highPairs(z, w);
      v128.store(o, lowHalves(xy, zw)); o += step;
      v128.store(o, highHalves(xy, zw)); o += step;
      i += 16;
    }
    const end = <usize>k << 2;
    while (i < end) {
      store<f32>(o, load<f32>(a + i)); store<f32>(o, load<f32>(a1 + i), 4);
      store<f32>(o, load<f32>(a2 + i), 8); store<f32>(o, load<f32>(a3 + i), 12);
      o += step;
      i += 4;
    }
    r = 4;
  }
  for (; r < rows; r++) {
    const p = a + <usize>r * aRow;
    let o = out + (<usize>r << 2);
    let i: usize = 0;
    const end4 = <usize>(k & ~3) << 2;
    while (i < end4) {
      const x = v128.load(p + i);
      v128.store_lane<f32>(o, x, 0); o += step;
      v128.store_lane<f32>(o, x, 1); o += step;
      v128.store_lane<f32>(o, x, 2); o += step;
      v128.store_lane<f32>(o, x, 3); o += step;
      i += 16;
    }
    const end = <usize>k << 2;
    while (i < end) { store<f32>(o, load<f32>(p + i)); o += step; i += 4; }
  }
}
