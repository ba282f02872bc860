import { packPanelA, packPanelB } from './pack';
import { TILE_COLUMNS, TILE_ROWS, panelTile, rowsTile } from './tile';

/** So many k are summed before the next block: a panel of b (8 KB) and the tile rows of a stay in the first-level cache. */
const BLOCK_K: i32 = 256;
/** Tiles of a that are packed at a time: with BLOCK_K about 64 KB, which the second-level cache keeps. */
const BLOCK_TILES: i32 = 12;

/** Rows of all tiles are as equal as they can be: tile t begins at row t * m / tiles. */
// @ts-ignore: decorator
@inline
function tileBegin(t: i32, m: i32, tiles: i32): i32 { return <i32>(<u64>t * <u64>m / <u64>tiles); }

/** Packs panels p0..p1 of b into `out`. */
export function packB(b: usize, bRow: usize, transposed: bool, k: i32, n: i32, out: usize, p0: i32, p1: i32): void {
  for (let p = p0; p < p1; p++) {
    const j = p * TILE_COLUMNS;
    packPanelB(b + (transposed ? <usize>j * bRow : <usize>j << 2), bRow, transposed, k, min(TILE_COLUMNS, n - j), out + (<usize>(p * k) << 5));
  }
}

/**
 * Tiles t0..t1 of c = a * b, whole rows. aMode: 0 rows in place, 1 transposed in place, 2 rows packed, 3 transposed packed. bPacked: panels from packB, else
 * rows in place. `scratch` holds BLOCK_TILES packed tiles of a and one tile of c.
 */
export function gemmTiles(a: usize, aRow: usize, aMode: i32, b: usize, bRow: usize, bPacked: bool, c: usize, m: i32, n: i32, k: i32, tiles: i32, t0: i32, t1: i32, scratch: usize): void {
  const cRow = <usize>n << 2;
  const transposed = (aMode & 1) == 1;
  const panelBytes = <usize>BLOCK_K * (<usize>TILE_ROWS << 2);
  const edge = scratch + panelBytes * <usize>BLOCK_TILES;
  const bStep = bPacked ? <usize>32 : bRow;
  for (let k0 = 0; k0 < k; k0 += BLOCK_K) {
    const kc = min(BLOCK_K, k - k0);
    const add = k0 > 0;
    for (let block = t0; block < t1; block += BLOCK_TILES) {
      const blockEnd = min(block + BLOCK_TILES, t1);
      if (aMode >= 2) {
        let out = scratch;
        for (let t = block; t < blockEnd; t++) {
          const i = tileBegin(t, m, tiles);
          const from = a + (transposed ? <usize>k0 * aRow + (<usize>i << 2) : <usize>i * aRow + (<usize>k0 << 2));
          packPanelA(from, aRow, transposed, tileBegin(t + 1, m, tiles) - i, kc, out);
          out += panelBytes;
        }
      }
      for (let j = 0; j < n; j += TILE_COLUMNS) {
        const bPanel = bPacked ? b + (<usize>(j * k + (k0 << 3)) << 2) : b + <usize>k0 * bRow + (<usize>j << 2);
        const whole = n - j >= TILE_COLUMNS;
        let i = tileBegin(block, m, tiles);
        for (let t = block; t < blockEnd; t++) {
          const next = tileBegin(t + 1, m, tiles);
          const rows = next - i;
          const to = c + <usize>i * cRow + (<usize>j << 2);
          const target = whole ? to : edge;
          const targetRow = whole ? cRow : <usize>32;
          const addNow = whole && add;
          if (aMode >= 2) panelTile(rows, scratch + <usize>(t - block) * panelBytes, <usize>TILE_ROWS << 2, bPanel, bStep, target, targetRow, kc, addNow);
          else if (transposed) panelTile(rows, a + <usize>k0 * aRow + (<usize>i << 2), aRow, bPanel, bStep, target, targetRow, kc, addNow);
          else rowsTile(rows, a + <usize>i * aRow + (<usize>k0 << 2), aRow, bPanel, bStep, target, targetRow, kc, addNow);
          if (!whole) storeEdge(edge, to, cRow, rows, n - j, add);
          i = next;
        }
      }
    }
  }
  if (k == 0) memory.fill(c + <usize>tileBegin(t0, m, tiles) * cRow, 0, <usize>(tileBegin(t1, m, tiles) - tileBegin(t0, m, tiles)) * cRow);
}

/** Puts the columns of a tile that exist into c. */
function storeEdge(from: usize, to: usize, cRow: usize, rows: i32, columns: i32, add: bool): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < columns; j++) {
      const at = to + (<usize>j << 2);
      const value = load<f32>(from + (<usize>j << 2));
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
    from += 32;
    to += cRow;
  }
}
