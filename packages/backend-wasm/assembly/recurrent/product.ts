import { packPanelA, packPanelB } from '../gemm/pack';
import { TILE_COLUMNS, TILE_ROWS, panelTile, rowsTile } from '../gemm/tile';
import { WIDE_COLUMNS, isWide, tileHeight, widePanelTile, wideRowsTile } from '../wide/call';

/** So many k are summed before the next block, as in the large product. */
const BLOCK_K: i32 = 256;
const PANEL_BYTES: usize = <usize>BLOCK_K * (<usize>TILE_ROWS << 2);

// @ts-ignore: decorator
@inline
function panels(n: i32): i32 { return (n + TILE_COLUMNS - 1) / TILE_COLUMNS; }

// @ts-ignore: decorator
@inline
function tilesOf(rows: i32, n: i32): i32 { return (rows + tileHeight(n) - 1) / tileHeight(n); }

/** The bytes of a k x n matrix in panels. */
// @ts-ignore: decorator
@inline
export function panelBytes(k: i32, n: i32): usize { return <usize>panels(n) * <usize>k << 5; }

/** The scratch space of `addProduct` for so many rows and columns: a block of packed rows, and one tile for the edge. */
// @ts-ignore: decorator
@inline
export function productScratch(rows: i32, n: i32): usize { return <usize>tilesOf(rows, n) * PANEL_BYTES + 256; }

/** Puts a k x n matrix into panels of 8 columns, once for all steps; a transposed one is stored as n x k. */
export function packMatrix(b: usize, transposed: bool, k: i32, n: i32, out: usize): void {
  const row = <usize>(transposed ? k : n) << 2;
  for (let j = 0; j < n; j += TILE_COLUMNS) {
    packPanelB(b + (transposed ? <usize>j * row : <usize>j << 2), row, transposed, k, min(TILE_COLUMNS, n - j), out);
    out += <usize>k << 5;
  }
}

/** Rows in place are as fast for wide tiles, a few hundredths apart: packing them pays when many columns read them. */
// @ts-ignore: decorator
@inline
function packs(n: i32): bool { return !isWide() || n >= 256; }

/** c += a * b for so many rows: a has k columns, b comes in panels, `aRow` and `cRow` are the bytes from row to row. Each element is one sum over k in ascending order. */
export function addProduct(a: usize, aRow: usize, rows: i32, k: i32, b: usize, n: i32, c: usize, cRow: usize, scratch: usize): void {
  const tiles = tilesOf(rows, n);
  const packed = packs(n);
  for (let k0 = 0; k0 < k; k0 += BLOCK_K) {
    const kc = min(BLOCK_K, k - k0);
    for (let t = 0; packed && t < tiles; t++) {
      const i = t * rows / tiles;
      packPanelA(a + <usize>i * aRow + (<usize>k0 << 2), aRow, false, (t + 1) * rows / tiles - i, kc, scratch + <usize>t * PANEL_BYTES);
    }
    for (let j = 0; j < n; ) {
      const two = isWide() && j + WIDE_COLUMNS <= n;
      const panel = b + (<usize>j * <usize>k << 2) + (<usize>k0 << 5);
      for (let t = 0; t < tiles; t++) {
        const i = t * rows / tiles;
        const height = (t + 1) * rows / tiles - i;
        const from = packed ? scratch + <usize>t * PANEL_BYTES : a + <usize>i * aRow + (<usize>k0 << 2);
        const to = c + <usize>i * cRow + (<usize>j << 2);
        if (two) {
          if (packed) widePanelTile(height, from, <usize>TILE_ROWS << 2, panel, panel + (<usize>k << 5), 32, to, cRow, kc, true);
          else wideRowsTile(height, from, aRow, panel, panel + (<usize>k << 5), 32, to, cRow, kc, true);
        } else if (n - j >= TILE_COLUMNS) narrowTile(packed, height, from, aRow, panel, to, cRow, kc);
        else edgeTile(packed, height, from, aRow, panel, to, cRow, kc, n - j, scratch + <usize>tiles * PANEL_BYTES);
      }
      j += two ? WIDE_COLUMNS : TILE_COLUMNS;
    }
  }
}

// @ts-ignore: decorator
@inline
function narrowTile(packed: bool, height: i32, a: usize, aRow: usize, panel: usize, to: usize, cRow: usize, kc: i32): void {
  if (packed) panelTile(height, a, <usize>TILE_ROWS << 2, panel, 32, to, cRow, kc, true);
  else rowsTile(height, a, aRow, panel, 32, to, cRow, kc, true);
}

/** A tile at the right edge goes to scratch first, with what is there: its last columns do not exist. */
function edgeTile(packed: bool, height: i32, a: usize, aRow: usize, panel: usize, to: usize, cRow: usize, kc: i32, columns: i32, edge: usize): void {
  for (let r = 0; r < height; r++) memory.copy(edge + (<usize>r << 5), to + <usize>r * cRow, <usize>columns << 2);
  narrowTile(packed, height, a, aRow, panel, edge, 32, kc);
  for (let r = 0; r < height; r++) memory.copy(to + <usize>r * cRow, edge + (<usize>r << 5), <usize>columns << 2);
}
