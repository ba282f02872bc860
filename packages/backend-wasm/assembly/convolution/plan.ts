import { lanes } from '../pool/job';
import { DENSE, DEPTHWISE, Geometry, geometry } from './geometry';
import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** Bytes that the input and the output of a block take together: they stay in the second-level cache. */
const BLOCK_BYTES: i32 = 192 * 1024;
/** The most pixels in a block of a convolution. */
const BLOCK_PIXELS: i32 = 2048;
/** The most pixels that the gradient of a filter sums before the next tile: both operands stay in the first-level cache. */
const GRADIENT_PIXELS: i32 = 256;
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
  const reachHeight = max(1, (g.kernelHeight - 1) * g.dilationHeight + 1);
  const reachWidth = max(1, (g.kernelWidth - 1) * g.dilationWidth + 1);
  g.slabWidth = (g.outWidth - 1) * g.strideWidth + reachWidth;
  g.slabRows = (g.rows - 1) * g.strideHeight + reachHeight;
  const lastRow = (g.outHeight - 1) * g.strideHeight + reachHeight - g.padTop;
  g.padded = g.multiplier > 1 || g.padTop > 0 || g.padLeft > 0 || lastRow > g.height || g.slabWidth - g.padLeft > g.width;
  g.rowBytes = <usize>(g.padded ? g.slabWidth : g.width) * <usize>g.channels << 2;
  g.imageBytes = <usize>(g.padded ? g.slabRows : g.height) * g.rowBytes;
}
