import { argument } from '../pool/job';
import { WIDE_COLUMNS, isWide, widePanelTile, wideRowsTile } from '../wide/call';
import { packPanelA } from './pack';
import { TILE_COLUMNS, TILE_ROWS, panelTile, rowsTile } from './tile';

/** So many k are summed before the next block: a panel of b (8 KB) and the tile rows of a stay in the first-level cache. */
const BLOCK_K: i32 = 256;
/** Tiles of a that are packed at a time: with BLOCK_K about 64 KB, which the second-level cache keeps. */
const BLOCK_TILES: i32 = 12;
const PANEL_BYTES: usize = <usize>BLOCK_K * (<usize>TILE_ROWS << 2);
/** Scratch of one thread: the packed tiles, and one tile of c for the edge. */
export const LANE_BYTES: usize = PANEL_BYTES * <usize>BLOCK_TILES + 256;

/** How a is read, in argument 2: its rows in place, or as bits say. */
export const A_TRANSPOSED: i32 = 1;
export const A_PACKED: i32 = 2;

/** Rows of all tiles are as equal as they can be: tile t begins at row t * m / tiles. */
// @ts-ignore: decorator
@inline
function tileBegin(t: i32, m: i32, tiles: i32): i32 { return <i32>(<u64>t * <u64>m / <u64>tiles); }

/** The tiles t0..t1 by the columns j0..j1 of one c = a * b; sizes and modes are in the arguments of the job. `scratch` has LANE_BYTES. */
export function gemmTiles(a: usize, b: usize, bPacked: bool, c: usize, t0: i32, t1: i32, j0: i32, j1: i32, scratch: usize): void {
  const aRow = <usize>argument(1);
  const aMode = <i32>argument(2);
  const m = <i32>argument(7);
  const n = <i32>argument(8);
  const k = <i32>argument(9);
  const tiles = <i32>argument(10);
  const cRow = <usize>n << 2;
  const transposed = (aMode & A_TRANSPOSED) != 0;
  const packA = (aMode & A_PACKED) != 0;
  const edge = scratch + PANEL_BYTES * <usize>BLOCK_TILES;
  const bRow = <usize>argument(4);
  const bStep = bPacked ? <usize>32 : bRow;
  const wide = isWide();
  const i0 = tileBegin(t0, m, tiles);
  const i1 = tileBegin(t1, m, tiles);
  for (let k0 = 0; k0 < k; k0 += BLOCK_K) {
    const kc = min(BLOCK_K, k - k0);
    const add = k0 > 0;
    for (let block = t0; block < t1; block += BLOCK_TILES) {
      const blockEnd = min(block + BLOCK_TILES, t1);
      if (packA) packTiles(a, aRow, transposed, m, tiles, block, blockEnd, k0, kc, scratch);
      let j = j0;
      if (wide) {
        for (; j + WIDE_COLUMNS <= j1; j += WIDE_COLUMNS) {
          const bPanel = bPacked ? b + (<usize>j * <usize>k + (<usize>k0 << 3) << 2) : b + <usize>k0 * bRow + (<usize>j << 2);
          const next = bPanel + (bPacked ? <usize>k << 5 : 32);
          wideTiles(a, aRow, aMode, scratch, bPanel, next, bStep, c + (<usize>j << 2), cRow, block, blockEnd, m, tiles, k0, kc, add);
        }
      }
      for (; j < j1; j += TILE_COLUMNS) {
        const bPanel = bPacked ? b + (<usize>j * <usize>k + (<usize>k0 << 3) << 2) : b + <usize>k0 * bRow + (<usize>j << 2);
        const whole = n - j >= TILE_COLUMNS;
        let i = tileBegin(block, m, tiles);
        for (let t = block; t < blockEnd; t++) {
          const next = tileBegin(t + 1, m, tiles);
          const rows = next - i;
          const to = c + <usize>i * cRow + (<usize>j << 2);
          // A tile at the right edge goes to scratch first: its last columns do not exist.
          const target = whole ? to : edge;
          const targetRow = whole ? cRow : <usize>32;
          const addNow = whole && add;
          if (packA) panelTile(rows, scratch + <usize>(t - block) * PANEL_BYTES, <usize>TILE_ROWS << 2, bPanel, bStep, target, targetRow, kc, addNow);
          else if (transposed) panelTile(rows, a + <usize>k0 * aRow + (<usize>i << 2), aRow, bPanel, bStep, target, targetRow, kc, addNow);
          else rowsTile(rows, a + <usize>i * aRow + (<usize>k0 << 2), aRow, bPanel, bStep, target, targetRow, kc, addNow);
          if (!whole) storeEdge(edge, to, cRow, rows, n - j, add);
          i = next;
        }
      }
    }
  }
  if (k == 0) {
    for (let i = i0; i < i1; i++) memory.fill(c + <usize>i * cRow + (<usize>j0 << 2), 0, <usize>(j1 - j0) << 2);
  }
  if (argument(11) != 0 || argument(12) != 0) finish(c, cRow, i0, i1, j0, j1);
}

/** The tiles of a block by two panels of b. */
function wideTiles(a: usize, aRow: usize, aMode: i32, packed: usize, b: usize, next: usize, bStep: usize, c: usize, cRow: usize, block: i32, blockEnd: i32, m: i32, tiles: i32, k0: i32, kc: i32, add: bool): void {
  let i = tileBegin(block, m, tiles);
  for (let t = block; t < blockEnd; t++) {
    const end = tileBegin(t + 1, m, tiles);
    const to = c + <usize>i * cRow;
    if ((aMode & A_PACKED) != 0) widePanelTile(end - i, packed + <usize>(t - block) * PANEL_BYTES, <usize>TILE_ROWS << 2, b, next, bStep, to, cRow, kc, add);
    else if ((aMode & A_TRANSPOSED) != 0) widePanelTile(end - i, a + <usize>k0 * aRow + (<usize>i << 2), aRow, b, next, bStep, to, cRow, kc, add);
    else wideRowsTile(end - i, a + <usize>i * aRow + (<usize>k0 << 2), aRow, b, next, bStep, to, cRow, kc, add);
    i = end;
  }
}

function packTiles(a: usize, aRow: usize, transposed: bool, m: i32, tiles: i32, first: i32, end: i32, k0: i32, kc: i32, out: usize): void {
  for (let t = first; t < end; t++) {
    const i = tileBegin(t, m, tiles);
    const from = a + (transposed ? <usize>k0 * aRow + (<usize>i << 2) : <usize>i * aRow + (<usize>k0 << 2));
    packPanelA(from, aRow, transposed, tileBegin(t + 1, m, tiles) - i, kc, out);
    out += PANEL_BYTES;
  }
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

/** Adds the bias (argument 11) and cuts at zero (argument 12). A NaN stays one. */
function finish(c: usize, cRow: usize, i0: i32, i1: i32, j0: i32, j1: i32): void {
  const bias = <usize>argument(11);
  const relu = argument(12) != 0;
  const zero = f32x4.splat(0);
  const vectors = j0 + (j1 - j0 & ~3);
  for (let i = i0; i < i1; i++) {
    const row = c + <usize>i * cRow;
    let j = j0;
    for (; j < vectors; j += 4) {
      const at = row + (<usize>j << 2);
      let v = v128.load(at);
      if (bias != 0) v = f32x4.add(v, v128.load(bias + (<usize>j << 2)));
      if (relu) v = f32x4.pmax(v, zero);
      v128.store(at, v);
    }
    for (; j < j1; j++) {
      const at = row + (<usize>j << 2);
      let v = load<f32>(at);
      if (bias != 0) v += load<f32>(bias + (<usize>j << 2));
      store<f32>(at, relu ? max<f32>(v, 0) : v);
    }
  }
}
