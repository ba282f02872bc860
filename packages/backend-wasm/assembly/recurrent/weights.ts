import { Fused, runFused } from '../fused/span';
import { packPanelA, packPanelB, packTwoPanels } from '../gemm/pack';
import { TILE_COLUMNS, TILE_ROWS, panelTile } from '../gemm/tile';
import { WIDE_COLUMNS, isWide, tileHeight, widePanelTile } from '../wide/call';
import { argument, lanes, setArgument } from '../pool/job';

/** So many rows are summed before the next block. */
const BLOCK_K: i32 = 256;
const TILE_BYTES: usize = <usize>BLOCK_K * (<usize>TILE_ROWS << 2);
const PANEL_BYTES: usize = <usize>BLOCK_K << 5;
/** From one panel to the next: behind each there is a tile for the edge. */
const PANEL_STEP: usize = PANEL_BYTES + 256;
/** The most panels of 8 columns that a unit covers: they stay in the second-level cache. */
const MOST_PANELS: i32 = 32;

// @ts-ignore: decorator
@inline
function tilesOf(width: i32, n: i32): i32 { return (width + tileHeight(n) - 1) / tileHeight(n); }
// @ts-ignore: decorator
@inline
function panelsOf(n: i32): i32 { return (n + TILE_COLUMNS - 1) / TILE_COLUMNS; }

/** The scratch space of `weightGradients`, in bytes. */
export function weightScratch(rows: i32, a: i32, b: i32, n: i32): usize {
  const blocks = <usize>((rows + BLOCK_K - 1) / BLOCK_K);
  return (blocks * <usize>(tilesOf(a, n) + tilesOf(b, n)) + 1) * TILE_BYTES + <usize>panelsOf(n) * PANEL_STEP;
}

/**
 * The gradients of weights by whose product with rows of a and b the columns of dz came about: da = a^T dz, db = b^T dz, and the sum of the rows of dz. a is rows x `aWidth`,
 * b rows x `bWidth` (0: none), dz rows x n. One pass over all three; each element is one sum over the rows in ascending order, whatever the threads do.
 */
export function weightGradients(dz: usize, rows: i32, n: i32, a: usize, aWidth: i32, da: usize, b: usize, bWidth: i32, db: usize, sum: usize, scratch: usize): void {
  if (rows == 0) {
    memory.fill(da, 0, <usize>aWidth * <usize>n << 2);
    if (bWidth > 0) memory.fill(db, 0, <usize>bWidth * <usize>n << 2);
    memory.fill(sum, 0, <usize>n << 2);
    return;
  }
  setArgument(0, <u32>dz);
  setArgument(1, rows);
  setArgument(2, n);
  setArgument(3, <u32>a);
  setArgument(4, aWidth);
  setArgument(5, <u32>da);
  setArgument(6, <u32>b);
  setArgument(7, bWidth);
  setArgument(8, <u32>db);
  setArgument(9, <u32>sum);
  setArgument(10, <u32>scratch);
  const blocks = (rows + BLOCK_K - 1) / BLOCK_K;
  // Behind the packed tiles: a tile of ones, then the panels.
  const ones = scratch + <usize>blocks * <usize>(tilesOf(aWidth, n) + tilesOf(bWidth, n)) * TILE_BYTES;
  for (let i: usize = 0; i < TILE_BYTES; i += 4) store<f32>(ones + i, 1);
  setArgument(11, <u32>ones);
  runFused(Fused.WeightTiles, blocks);
  const panels = panelsOf(n);
  const perUnit = lanes() == 1 ? MOST_PANELS : min(MOST_PANELS, max(2, (panels + lanes() * 3 - 1) / (lanes() * 3)));
  setArgument(12, isWide() ? perUnit + 1 & ~1 : perUnit);
  runFused(Fused.WeightProducts, (panels + <i32>argument(12) - 1) / <i32>argument(12));
}

/** Packs the tiles of one block of rows. */
export function weightTilesUnit(block: i32): void {
  const k0 = block * BLOCK_K, kc = min<i32>(BLOCK_K, <i32>argument(1) - k0);
  const n = <i32>argument(2);
  const tiles = tilesOf(argument(4), n) + tilesOf(argument(7), n);
  const out = <usize>argument(10) + <usize>block * <usize>tiles * TILE_BYTES;
  const height = tileHeight(n);
  const next = packTiles(argument(3), argument(4), height, k0, kc, out);
  packTiles(argument(6), argument(7), height, k0, kc, next);
}

function packTiles(a: usize, width: i32, height: i32, k0: i32, kc: i32, out: usize): usize {
  const row = <usize>width << 2;
  for (let i = 0; i < width; i += height) {
    packPanelA(a + <usize>k0 * row + (<usize>i << 2), row, true, min(height, width - i), kc, out);
    out += TILE_BYTES;
  }
  return out;
}

/** All rows of the results by the columns of one unit. */
export function weightProductsUnit(unit: i32): void {
  const rows = <i32>argument(1), n = <i32>argument(2), perUnit = <i32>argument(12);
  const first = unit * perUnit * TILE_COLUMNS, end = min(n, first + perUnit * TILE_COLUMNS);
  const row = <usize>n << 2;
  const own = <usize>argument(11) + TILE_BYTES + <usize>(unit * perUnit) * PANEL_STEP;
  const height = tileHeight(n), tiles = tilesOf(argument(4), n) + tilesOf(argument(7), n);
  for (let k0 = 0, block: usize = 0; k0 < rows; k0 += BLOCK_K, block++) {
    const kc = min(BLOCK_K, rows - k0);
    const packed = <usize>argument(10) + block * <usize>tiles * TILE_BYTES;
    let panel = own;
    for (let j = first; j < end; ) {
      const columns = end - j >= WIDE_COLUMNS ? WIDE_COLUMNS : min(TILE_COLUMNS, n - j);
      const from = <usize>argument(0) + <usize>k0 * row + (<usize>j << 2);
      if (columns == WIDE_COLUMNS) packTwoPanels(from, row, kc, panel, panel + PANEL_STEP);
      else packPanelB(from, row, false, kc, columns, panel);
      const at = <usize>j << 2;
      const next = product(packed, argument(4), height, panel, <usize>argument(5) + at, row, kc, columns, k0 > 0);
      product(next, argument(7), height, panel, <usize>argument(8) + at, row, kc, columns, k0 > 0);
      product(argument(11), 1, height, panel, <usize>argument(9) + at, row, kc, columns, k0 > 0);
      panel += columns == WIDE_COLUMNS ? 2 * PANEL_STEP : PANEL_STEP;
      j += max(TILE_COLUMNS, columns);
    }
  }
}

/** All tiles of one operand by one panel, or by two. Behind a panel there is room for a tile at the right edge, whose last columns do not exist. */
function product(tile: usize, width: i32, height: i32, panel: usize, c: usize, row: usize, kc: i32, columns: i32, add: bool): usize {
  const edge = panel + PANEL_BYTES;
  for (let i = 0; i < width; i += height) {
    const rows = min(height, width - i);
    const to = c + <usize>i * row;
    if (columns == WIDE_COLUMNS) {
      if (isWide()) widePanelTile(rows, tile, <usize>TILE_ROWS << 2, panel, panel + PANEL_STEP, 32, to, row, kc, add);
      else {
        panelTile(rows, tile, <usize>TILE_ROWS << 2, panel, 32, to, row, kc, add);
        panelTile(rows, tile, <usize>TILE_ROWS << 2, panel + PANEL_STEP, 32, to + 32, row, kc, add);
      }
    } else if (columns == TILE_COLUMNS) panelTile(rows, tile, <usize>TILE_ROWS << 2, panel, 32, to, row, kc, add);
    else {
      for (let r = 0; add && r < rows; r++) memory.copy(edge + (<usize>r << 5), to + <usize>r * row, <usize>columns << 2);
      panelTile(rows, tile, <usize>TILE_ROWS << 2, panel, 32, edge, 32, kc, add);
      for (let r = 0; r < rows; r++) memory.copy(to + <usize>r * row, edge + (<usize>r << 5), <usize>columns << 2);
    }
    tile += TILE_BYTES;
  }
  return tile;
}
