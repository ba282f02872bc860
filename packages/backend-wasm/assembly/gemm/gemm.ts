import { Job, argument, lanes, setArgument } from '../pool/job';
import { parallel } from '../pool/parallel';
import { packPanelB, packTwoPanels } from './pack';
import { WIDE_COLUMNS, isWide, tileHeight } from '../wide/call';
import { TILE_COLUMNS } from './tile';
import { A_PACKED, A_TRANSPOSED, LANE_BYTES, gemmTiles } from './tiles';

/** b is packed in units of so many panels. */
const PACK_PANELS: i32 = 8;

/** Packing a pays when enough columns read it; of a transposed one when its rows, one for each k, would push each other out of the cache. */
// @ts-ignore: decorator
@inline
function packsA(transposed: bool, m: i32, n: i32, k: i32): bool {
  // Wide tiles read rows in place as fast as packed ones, a few hundredths apart.
  if (isWide() && !transposed) return n >= 256;
  if (ASC_FEATURE_RELAXED_SIMD) return n >= 32;
  return transposed ? n >= 64 && (m > 256 || (m > 64 && k > 256)) : n >= 96 && m > 96;
}

/** Packing b pays when enough rows read it, sooner when its rows lie pages apart. A transposed b has no rows to read in place. */
// @ts-ignore: decorator
@inline
function packsB(transposed: bool, m: i32, n: i32): bool {
  return transposed || m > 192 || (n >= 1024 && m > 16);
}

/** How b is given to the tiles: as it is, packed for all threads before, or packed by each thread for the columns that it computes. */
const AS_IT_IS: i32 = 0, PACKED: i32 = 1, PACKED_BY_EACH: i32 = 2;

/**
 * Small products are done sooner when each thread packs what it reads itself: what another core has just written costs more to fetch than to make. Then the columns
 * are what is split.
 */
// @ts-ignore: decorator
@inline
function packing(transposeB: bool, m: i32, n: i32, work: f64): i32 {
  if (!packsB(transposeB, m, n)) return AS_IT_IS;
  return lanes() > 1 && work >= 200_000.0 && work < 4_000_000.0 && n >= columnsTogether() * lanes() ? PACKED_BY_EACH : PACKED;
}

// @ts-ignore: decorator
@inline
function packedBytes(n: i32, k: i32): usize { return (<usize>((n + TILE_COLUMNS - 1) / TILE_COLUMNS) * <usize>k) << 5; }

/** The scratch space that `gemm` needs for these sizes, in bytes. */
export function gemmScratch(batch: i32, m: i32, n: i32, k: i32, transposeB: bool): usize {
  const b = packsB(transposeB, m, n) ? packedBytes(n, k) : 0;
  const threads = <usize>lanes();
  const work = <f64>m * <f64>n * <f64>k;
  return batch > 1 || packing(transposeB, m, n, work) == PACKED_BY_EACH ? threads * (LANE_BYTES + b) : threads * LANE_BYTES + b;
}

/**
 * c[i] = a[i] * b[i] for `batch` pairs of matrices: a is m x k, b is k x n, c is m x n; a transposed operand is stored the other way round. `aBatch` and
 * `bBatch` are the bytes from one matrix to the next, 0 to use one for all. With `bias`, an address, its n values are added to each row; with `relu`
 * negative results become 0. Each element is one sum over k in ascending order, whatever the threads do.
 */
export function gemm(a: usize, b: usize, c: usize, batch: i32, aBatch: usize, bBatch: usize, m: i32, n: i32, k: i32, transposeA: bool, transposeB: bool, bias: usize, relu: bool, scratch: usize): void {
  if (m == 0 || n == 0 || batch == 0) return;
  const packA = packsA(transposeA, m, n, k);
  const work = <f64>m * <f64>n * <f64>k;
  const packB = batch > 1 ? <i32>packsB(transposeB, m, n) : packing(transposeB, m, n, work);
  const threads = lanes();
  const height = tileHeight(n);
  const tiles = (m + height - 1) / height;
  const panels = (n + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const groups = (n + columnsTogether() - 1) / columnsTogether();
  setArgument(0, <u32>a);
  setArgument(1, <u32>((transposeA ? m : k) << 2));
  setArgument(2, (transposeA ? A_TRANSPOSED : 0) | (packA ? A_PACKED : 0));
  setArgument(3, <u32>b);
  setArgument(4, <u32>((transposeB ? k : n) << 2));
  setArgument(5, packB);
  setArgument(6, <u32>c);
  setArgument(7, m);
  setArgument(8, n);
  setArgument(9, k);
  setArgument(10, tiles);
  setArgument(11, <u32>bias);
  setArgument(12, relu);
  setArgument(13, transposeB);
  setArgument(14, <u32>scratch);
  if (batch > 1) {
    setArgument(15, <u32>aBatch);
    setArgument(16, <u32>bBatch);
    setArgument(17, <u32>packedBytes(n, k));
    const perUnit = max(1, min(batch / (threads * 4), <i32>(200_000.0 / (work + 1.0)) + 1));
    setArgument(18, perUnit);
    setArgument(19, batch);
    parallel(Job.BatchGemm, threads == 1 || work * <f64>batch < 200_000.0 ? oneUnit(batch) : (batch + perUnit - 1) / perUnit);
    return;
  }
  if (packB == PACKED_BY_EACH) {
    setArgument(16, <u32>packedBytes(n, k));
    setArgument(17, 1);
    setArgument(18, groups);
    setArgument(19, threads);
    parallel(Job.Gemm, threads);
    return;
  }
  const shared = scratch + <usize>threads * LANE_BYTES;
  setArgument(15, <u32>shared);
  if (packB == PACKED) {
    setArgument(16, (threads == 1 || work < 200_000.0) ? panels : PACK_PANELS);
    parallel(Job.PackB, (panels + argument(16) - 1) / argument(16));
  }
  let down = 1, across = 1;
  if (threads > 1 && work >= 200_000.0) {
    // About three units a thread, of at least four tiles; columns where there are too few rows.
    down = min(threads * 3, tiles / 4);
    if (down < threads) {
      down = 1;
      across = min(threads * 3, groups);
    }
  }
  setArgument(17, down);
  setArgument(18, groups);
  setArgument(19, across);
  parallel(Job.Gemm, across * down);
}

/** All matrices in one unit. */
function oneUnit(batch: i32): i32 {
  setArgument(18, batch);
  return 1;
}

export function packBUnit(unit: i32): void {
  const first = unit * argument(16);
  const n = <i32>argument(8);
  packPanels(argument(3), argument(15), n, first, min(first + argument(16), (n + TILE_COLUMNS - 1) / TILE_COLUMNS));
}

/** Packs panels first..end of b into `out`. */
function packPanels(b: usize, out: usize, n: i32, first: i32, end: i32): void {
  const bRow = <usize>argument(4);
  const transposed = argument(13) != 0;
  const k = <i32>argument(9);
  for (let p = first; p < end; p++) {
    const j = p * TILE_COLUMNS;
    const to = out + (<usize>p * <usize>k << 5);
    if (!transposed && p + 1 < end && n - j >= 2 * TILE_COLUMNS) {
      packTwoPanels(b + (<usize>j << 2), bRow, k, to, to + (<usize>k << 5));
      p++;
      continue;
    }
    packPanelB(b + (transposed ? <usize>j * bRow : <usize>j << 2), bRow, transposed, k, min(TILE_COLUMNS, n - j), to);
  }
}

/** The columns that are computed together: threads part them as wholes. */
// @ts-ignore: decorator
@inline
function columnsTogether(): i32 { return isWide() ? WIDE_COLUMNS : TILE_COLUMNS; }

/** Where the part of a number begins: parts are as equal as they can be, so that no thread waits for a larger one. */
// @ts-ignore: decorator
@inline
function part(index: i32, total: i32, parts: i32): i32 { return <i32>(<u64>index * <u64>total / <u64>parts); }

export function gemmUnit(unit: i32, lane: i32): void {
  const across = <i32>argument(19);
  const row = unit / across, column = unit % across;
  const t0 = part(row, argument(10), argument(17)), t1 = part(row + 1, argument(10), argument(17));
  const j0 = part(column, argument(18), across) * columnsTogether();
  const j1 = min<i32>(part(column + 1, argument(18), across) * columnsTogether(), argument(8));
  const how = <i32>argument(5);
  if (how == PACKED_BY_EACH) {
    const own = argument(14) + <usize>lane * (LANE_BYTES + <usize>argument(16));
    packPanels(argument(3), own + LANE_BYTES, <i32>argument(8), j0 / TILE_COLUMNS, (j1 + TILE_COLUMNS - 1) / TILE_COLUMNS);
    gemmTiles(argument(0), own + LANE_BYTES, true, argument(6), t0, t1, j0, j1, own);
    return;
  }
  gemmTiles(argument(0), how == PACKED ? argument(15) : argument(3), how == PACKED, argument(6), t0, t1, j0, j1, argument(14) + <usize>lane * LANE_BYTES);
}

export function batchGemmUnit(unit: i32, lane: i32): void {
  const packed = argument(5) != 0;
  const n = <i32>argument(8);
  const first = unit * argument(18);
  const end = min<i32>(first + argument(18), argument(19));
  const cBatch = <usize>argument(7) * <usize>n << 2;
  const own = argument(14) + <usize>lane * (LANE_BYTES + (packed ? <usize>argument(17) : 0));
  for (let i = first; i < end; i++) {
    let b = argument(3) + <usize>i * argument(16);
    if (packed) {
      if (i == first || argument(16) != 0) packPanels(b, own + LANE_BYTES, n, 0, (n + TILE_COLUMNS - 1) / TILE_COLUMNS);
      b = own + LANE_BYTES;
    }
    gemmTiles(argument(0) + <usize>i * argument(15), b, packed, argument(6) + <usize>i * cBatch, 0, argument(10), 0, n, own);
  }
}
