import { lanes } from '../pool/job';
import { DENSE, DEPTHWISE, Geometry, geometry } from './geometry';
import { TILE_COLUMNS, TILE_ROWS } from './tile';
import { VALUES } from './transform';

/** Bytes that the input and the output of a block take together: they stay in the second-level cache. */
const BLOCK_BYTES: i32 = 192 * 1024;
/** The most pixels in a block of a convolution. */
const BLOCK_PIXELS: i32 = 2048;
/** Bytes that the transformed patches of a block and their products take together. */
const WINOGRAD_BYTES: usize = 512 * 1024;
/** The most values in a tap of a filter that is transformed: what all its values take has to be small beside the scratch space. */
const WINOGRAD_FILTER: i32 = 512 * 512;
/** The most bytes that one row of tiles takes: a block has at least one. */
const WINOGRAD_ROW: i64 = 4 * 1024 * 1024;
/** Parts that the images are cut into for the gradient of a transformed filter, and the bytes that their sums may take. */
const GRADIENT_PARTS: i32 = 8;
const WINOGRAD_SUMS: usize = 4 * 1024 * 1024;
/** The most pixels that the gradient of a filter sums before the next tile: both operands stay in the first-level cache. */
const GRADIENT_PIXELS: i32 = 128;
/** One tile of the output for the edge, at the begin of a thread's scratch space; tables follow. */
export const TABLES: usize = 256;

/** The scratch space that `convolution` needs, in bytes. Writes down how the work is cut. */
export function planConvolution(): usize {
  const g = geometry();
  const perPixel = <i64>4 * (<i64>g.channels * g.strideHeight * g.strideWidth + g.outChannels);
  const threads = lanes();
  // A few units for each thread, where there is that much work.
  const share = threads == 1 ? BLOCK_PIXELS : <i32>max<i64>(64, <i64>g.batch * g.outHeight * g.outWidth / (threads * 4));
  cut(g, min(min(BLOCK_PIXELS, share), <i32>(BLOCK_BYTES / perPixel)));
  g.winograd = usesWinograd(g);
  if (g.winograd) return planWinograd(g, <usize>threads);
  g.flat = g.yPixel == <usize>g.outChannels << 2 && g.yRow == <usize>g.outWidth * g.yPixel && g.yImage == <usize>g.outHeight * g.yRow;
  // Two tables: where each pixel's window begins, and where its result goes.
  g.offsetBytes = (<usize>filterRows(g) << 2) + 8;
  g.tableBytes = ((<usize>g.images * <usize>g.rows * <usize>g.outWidth + TILE_ROWS) << 3) + g.offsetBytes;
  const taps = <usize>g.kernelHeight * <usize>g.kernelWidth;
  const panels = <usize>((g.outChannels + TILE_COLUMNS - 1) / TILE_COLUMNS);
  g.packedBytes = g.kind == DENSE ? panels * taps * <usize>g.channels << 5 : (taps * <usize>g.channels << 2) + 64;
  return scratchBytes(g, <usize>threads) + g.packedBytes;
}

/** The scratch space that `filterGradient` needs, in bytes. Writes down how the work is cut. */
export function planFilterGradient(): usize {
  const g = geometry();
  g.winograd = usesWinograd(g);
  if (g.winograd) return planWinogradGradient(g, <usize>lanes());
  cut(g, GRADIENT_PIXELS);
  const rows = filterRows(g);
  g.offsetBytes = <usize>(g.images * g.rows * g.outWidth) << 2;
  g.tableBytes = (<usize>(rows + TILE_ROWS) << 2) + g.offsetBytes;
  g.packedBytes = 0;
  const tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  const panels = (g.outChannels + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const threads = lanes();
  const wanted = threads == 1 ? 1 : threads * 3;
  g.tilesPerUnit = (tiles + wanted - 1) / wanted;
  const across = max(1, min(panels, wanted / tiles));
  g.panelsPerUnit = (panels + across - 1) / across;
  return scratchBytes(g, <usize>threads);
}

/** Transforms pay where they are shared by enough channels; whole vectors of them keep the code small. */
function usesWinograd(g: Geometry): bool {
  return g.kind == DENSE && g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1 && g.dilationHeight == 1 && g.dilationWidth == 1
    && (g.channels & 3) == 0 && (g.outChannels & 3) == 0 && g.channels >= 16 && g.outChannels >= 16 && g.outHeight >= 4 && g.outWidth >= 4
    && g.channels * g.outChannels <= WINOGRAD_FILTER && <i64>(g.outWidth + 2) * (g.channels + g.outChannels + 8) * (VALUES << 1) <= WINOGRAD_ROW;
}

function planWinograd(g: Geometry, threads: usize): usize {
  const across = (g.outWidth + 1) >> 1;
  const panels = <usize>((g.outChannels + TILE_COLUMNS - 1) / TILE_COLUMNS);
  const perTile = <usize>VALUES * (<usize>g.channels + (panels << 3)) << 2;
  const tiles = max<i32>(24, <i32>(WINOGRAD_BYTES / perTile));
  const share = threads == 1 ? g.batch : max(1, g.batch / <i32>(threads * 4));
  g.images = max(1, min(min(g.batch, share), tiles / (across * ((g.outHeight + 1) >> 1))));
  // Blocks of an even number of rows.
  const down = g.images > 1 ? (g.outHeight + 1) >> 1 : max(1, min((g.outHeight + 1) >> 1, tiles / across));
  g.rows = down << 1;
  g.blocksPerImage = (g.outHeight + g.rows - 1) / g.rows;
  g.rows = ((g.outHeight + g.blocksPerImage - 1) / g.blocksPerImage + 1) & ~1;
  // Rounding up may leave the last blocks of an image without rows.
  g.blocksPerImage = (g.outHeight + g.rows - 1) / g.rows;
  g.padded = 1;
  g.slabWidth = (across << 1) + 2;
  g.slabRows = g.rows + 2;
  g.rowBytes = <usize>g.slabWidth * <usize>g.channels << 2;
  g.imageBytes = <usize>g.slabRows * g.rowBytes;
  g.tableBytes = <usize>(g.images * (g.rows >> 1) * across) * perTile;
  // The packed filter, and behind it the transformed one.
  g.packedBytes = panels * <usize>((9 + VALUES) * g.channels) << 5;
  return scratchBytes(g, threads) + g.packedBytes;
}

function planWinogradGradient(g: Geometry, threads: usize): usize {
  const across = (g.outWidth + 1) >> 1;
  const down = (g.outHeight + 1) >> 1;
  const columns = <usize>((g.outChannels + TILE_COLUMNS - 1) & ~(TILE_COLUMNS - 1));
  const perTile = <usize>VALUES * (<usize>g.channels + columns) << 2;
  // Several parts with sums of their own, where there are images enough and the sums are small.
  const sums = <usize>VALUES * <usize>g.channels * columns << 2;
  g.parts = sums * <usize>GRADIENT_PARTS <= WINOGRAD_SUMS && g.batch >= 2 * GRADIENT_PARTS ? GRADIENT_PARTS : 1;
  const tiles = max<i32>(64, <i32>(WINOGRAD_BYTES * (g.parts > 1 ? 1 : threads) / perTile));
  const perBand = max(1, min(down, tiles / (g.parts > 1 ? 1 : <i32>threads) / across));
  g.blocksPerImage = (down + perBand - 1) / perBand;
  g.rows = ((down + g.blocksPerImage - 1) / g.blocksPerImage) << 1;
  // Rounding up may leave the last bands of an image without rows.
  g.blocksPerImage = (g.outHeight + g.rows - 1) / g.rows;
  const bandTiles = (g.rows >> 1) * across;
  g.bandsPerBlock = max(g.parts > 1 ? 1 : <i32>threads, tiles / bandTiles);
  g.images = 1;
  g.padded = 1;
  g.slabWidth = (across << 1) + 2;
  g.slabRows = g.rows + 2;
  g.rowBytes = <usize>g.slabWidth * <usize>g.channels << 2;
  g.imageBytes = <usize>g.slabRows * g.rowBytes;
  if (g.parts > 1) {
    g.laneBytes = slabBytes(g) + <usize>(g.bandsPerBlock * bandTiles) * perTile;
    return threads * g.laneBytes + <usize>g.parts * sums;
  }
  g.laneBytes = slabBytes(g);
  return threads * g.laneBytes + (<usize>VALUES * <usize>g.channels * columns << 2) + <usize>(min(g.bandsPerBlock, g.batch * g.blocksPerImage) * bandTiles) * perTile;
}

/** The rows of the input that a band's patches see, in whole cache lines. */
// @ts-ignore: decorator
@inline
export function slabBytes(g: Geometry): usize { return (g.imageBytes + 127) & ~63; }

/** Rows of the filter seen as a matrix. */
// @ts-ignore: decorator
@inline
export function filterRows(g: Geometry): i32 { return g.kernelHeight * g.kernelWidth * (g.kind == DEPTHWISE ? 1 : g.channels); }

function scratchBytes(g: Geometry, threads: usize): usize {
  const slab = g.padded ? <usize>g.images * g.imageBytes + 64 : 0;
  g.laneBytes = (TABLES + g.tableBytes + slab + 63) & ~63;
  return threads * g.laneBytes;
}

/** Blocks of about so many pixels: several images, or rows of one. */
function cut(g: Geometry, pixels: i32): void {
  const imagePixels = g.outHeight * g.outWidth;
  g.images = max(1, min(g.batch, pixels / max(1, imagePixels)));
  g.rows = g.outHeight;
  if (g.images == 1 && imagePixels > pixels) g.rows = max(1, pixels / g.outWidth);
  g.blocksPerImage = max(1, (g.outHeight + g.rows - 1) / max(1, g.rows));
  g.rows = (g.outHeight + g.blocksPerImage - 1) / g.blocksPerImage;
  g.blocksPerImage = (g.outHeight + g.rows - 1) / max(1, g.rows);
  const reachHeight = max(1, (g.kernelHeight - 1) * g.dilationHeight + 1);
  const reachWidth = max(1, (g.kernelWidth - 1) * g.dilationWidth + 1);
  g.slabWidth = (g.outWidth - 1) * g.strideWidth + reachWidth;
  g.slabRows = (g.rows - 1) * g.strideHeight + reachHeight;
  const lastRow = (g.outHeight - 1) * g.strideHeight + reachHeight - g.padTop;
  g.padded = g.multiplier > 1 || g.padTop > 0 || g.padLeft > 0 || lastRow > g.height || g.slabWidth - g.padLeft > g.width;
  g.rowBytes = <usize>(g.padded ? g.slabWidth : g.width) * <usize>g.channels << 2;
  g.imageBytes = <usize>(g.padded ? g.slabRows : g.height) * g.rowBytes;
}
