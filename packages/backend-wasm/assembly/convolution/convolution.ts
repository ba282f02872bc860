import { packPanelB } from '../gemm/pack';
import { Job, lanes } from '../pool/job';
import { parallel } from '../pool/parallel';
import { DENSE, Geometry, geometry } from './geometry';
import { WIDE_COLUMNS, isWide, tileHeight, wideDenseTile } from '../wide/call';
import { TABLES, filterRows } from './plan';
import { copySlab } from './slab';
import { TILE_COLUMNS, TILE_ROWS, channelsTile, denseTile } from './tile';
import { VALUES } from './transform';
import { transformPanel, winogradBlock } from './winograd';

/** Rows of the filter matrix that are summed before the next ones: a panel of them stays in the first-level cache. */
const PANEL_ROWS: i32 = 576;

/** y = convolution of x with the filter, dense or depthwise, after `planConvolution`. */
export function convolution(): void {
  const g = geometry();
  const panels = (g.outChannels + TILE_COLUMNS - 1) / TILE_COLUMNS;
  if (g.kind == DENSE) parallel(Job.PackFilter, g.packedBytes < 65536 ? packAll(panels) : panels);
  else copyTaps(g);
  parallel(Job.Convolution, (g.batch + g.images - 1) / g.images * g.blocksPerImage);
}

/** A small filter is packed by the caller alone. */
function packAll(panels: i32): i32 {
  for (let p = 0; p < panels; p++) packFilterUnit(p);
  return 0;
}

// @ts-ignore: decorator
@inline
function packed(g: Geometry): usize { return g.scratch + <usize>lanes() * g.laneBytes; }

/** The transformed filter, behind the packed one. */
// @ts-ignore: decorator
@inline
function transformed(g: Geometry): usize { return packed(g) + g.packedBytes / (9 + VALUES) * 9; }

// @ts-ignore: decorator
@inline
function tapIndex(g: Geometry, row: i32, column: i32): usize {
  return <usize>((g.tapRow + row * g.tapRowStep) * g.filterWidth + g.tapColumn + column * g.tapColumnStep);
}

/** Eight columns of the filter matrix side by side. */
export function packFilterUnit(panel: i32): void {
  const g = geometry();
  const k = g.channels;
  const n = g.outChannels;
  const j = panel * TILE_COLUMNS;
  const columns = min(TILE_COLUMNS, n - j);
  const tapBytes = <usize>k * <usize>n << 2;
  const rowBytes = <usize>(g.transposed ? k : n) << 2;
  const begin = g.transposed ? <usize>j * rowBytes : <usize>j << 2;
  let out = packed(g) + (<usize>panel * <usize>(g.kernelHeight * g.kernelWidth) * <usize>k << 5);
  for (let row = 0; row < g.kernelHeight; row++) {
    for (let column = 0; column < g.kernelWidth; column++) {
      packPanelB(g.filter + tapIndex(g, row, column) * tapBytes + begin, rowBytes, g.transposed != 0, k, columns, out);
      out += <usize>k << 5;
    }
  }
  if (g.winograd) transformPanel(out - (<usize>(9 * k) << 5), k, transformed(g) + (<usize>(panel * VALUES * k) << 5));
}

function copyTaps(g: Geometry): void {
  const bytes = <usize>g.channels << 2;
  let out = packed(g);
  for (let row = 0; row < g.kernelHeight; row++) {
    for (let column = 0; column < g.kernelWidth; column++) {
      memory.copy(out, g.filter + tapIndex(g, row, column) * bytes, bytes);
      out += bytes;
    }
  }
}

/** One block of the output. */
export function convolutionUnit(unit: i32, lane: i32): void {
  const g = geometry();
  const image0 = unit / g.blocksPerImage * g.images;
  const row0 = unit % g.blocksPerImage * g.rows;
  const images = min(g.images, g.batch - image0);
  const rows = min(g.rows, g.outHeight - row0);
  const own = g.scratch + <usize>lane * g.laneBytes;
  const table = own + TABLES;
  const outTable = table + (g.tableBytes - g.offsetBytes >> 1);
  const pixelBytes = <usize>g.channels << 2;
  if (g.winograd) return winogradBlock(g, image0, images, row0, rows, own, transformed(g));
  let a = own + TABLES + g.tableBytes;
  if (g.padded) copySlab(g, image0, images, row0, rows, a);
  else a = g.x + <usize>image0 * g.imageBytes + <usize>(row0 * g.strideHeight - g.padTop) * g.rowBytes - <usize>g.padLeft * pixelBytes;
  const pixels = images * rows * g.outWidth;
  let entry: usize = 0;
  for (let image = 0; image < images; image++) {
    for (let r = 0; r < rows; r++) {
      let from = a + <usize>image * g.imageBytes + <usize>(r * g.strideHeight) * g.rowBytes;
      let to = g.y + <usize>(image0 + image) * g.yImage + <usize>(row0 + r) * g.yRow;
      for (let column = 0; column < g.outWidth; column++) {
        store<u32>(table + entry, <u32>from);
        store<u32>(outTable + entry, <u32>to);
        entry += 4;
        from += <usize>g.strideWidth * pixelBytes;
        to += g.yPixel;
      }
    }
  }
  const offsets = table + g.tableBytes - g.offsetBytes;
  tapOffsets(g, offsets);
  if (g.kind == DENSE) denseBlock(g, pixels, offsets, own, table, outTable);
  else depthwiseBlock(g, pixels, offsets, own, table, outTable);
  if (g.bias != 0 || g.relu) finish(g, load<u32>(outTable), pixels);
}

/** Where each value that the filter meets is, seen from the begin of a window. */
export function tapOffsets(g: Geometry, out: usize): void {
  const pixelBytes = <usize>g.channels << 2;
  const channels = g.kind == DENSE ? g.channels : 1;
  for (let row = 0; row < g.kernelHeight; row++) {
    for (let column = 0; column < g.kernelWidth; column++) {
      let at = <usize>(row * g.dilationHeight) * g.rowBytes + <usize>(column * g.dilationWidth) * pixelBytes;
      for (let channel = 0; channel < channels; channel++) {
        store<u32>(out, <u32>at);
        at += 4;
        out += 4;
      }
    }
  }
}

function denseBlock(g: Geometry, pixels: i32, offsets: usize, edge: usize, table: usize, outTable: usize): void {
  const k = filterRows(g);
  const n = g.outChannels;
  const passes = max(1, (k + PANEL_ROWS - 1) / PANEL_ROWS);
  for (let pass = 0; pass < passes; pass++) {
    const k0 = k * pass / passes;
    const from = offsets + (<usize>k0 << 2);
    const end = offsets + (<usize>(k * (pass + 1) / passes) << 2);
    const add = pass > 0;
    let b = packed(g) + (<usize>k0 << 5);
    let j = 0;
    if (g.flat && isWide()) {
      for (; j + WIDE_COLUMNS <= n; j += WIDE_COLUMNS) {
        for (let p = 0; p < pixels; ) {
          const at = <usize>p << 2;
          const count = tileRows(p, pixels, tileHeight(n));
          wideDenseTile(count, table + at, from, end, b, b + (<usize>k << 5), 32, load<u32>(outTable + at) + (<usize>j << 2), g.yPixel, add);
          p += count;
        }
        b += <usize>k << 6;
      }
    }
    for (; j < n; j += TILE_COLUMNS) {
      const whole = g.flat && n - j >= TILE_COLUMNS;
      for (let p = 0; p < pixels; ) {
        const at = <usize>p << 2;
        const count = tileRows(p, pixels, TILE_ROWS);
        if (whole) {
          denseTile(count, table + at, from, end, b, 32, load<u32>(outTable + at) + (<usize>j << 2), g.yPixel, add);
        } else {
          denseTile(count, table + at, from, end, b, 32, edge, 32, false);
          storeEdge(edge, outTable + at, <usize>j << 2, count, min(TILE_COLUMNS, n - j), add);
        }
        p += count;
      }
      b += <usize>k << 5;
    }
  }
}

function depthwiseBlock(g: Geometry, pixels: i32, offsets: usize, edge: usize, table: usize, outTable: usize): void {
  const n = g.outChannels;
  const end = offsets + (<usize>filterRows(g) << 2);
  const bStep = <usize>n << 2;
  for (let j = 0; j < n; j += TILE_COLUMNS) {
    const whole = g.flat && n - j >= TILE_COLUMNS;
    const a = <usize>j << 2;
    const b = packed(g) + a;
    for (let p = 0; p < pixels; ) {
      const at = <usize>p << 2;
      const count = tileRows(p, pixels, TILE_ROWS);
      if (whole) {
        channelsTile(count, table + at, a, offsets, end, b, bStep, load<u32>(outTable + at) + a, g.yPixel, false);
      } else {
        channelsTile(count, table + at, a, offsets, end, b, bStep, edge, 32, false);
        storeEdge(edge, outTable + at, a, count, min(TILE_COLUMNS, n - j), false);
      }
      p += count;
    }
  }
}

/** The rows of the next tile, at most `most`: the last two share what is left, so that none is very small. */
// @ts-ignore: decorator
@inline
export function tileRows(p: i32, pixels: i32, most: i32): i32 {
  const left = pixels - p;
  return left >= 2 * most || left <= most ? min(left, most) : (left + 1) / 2;
}

/** Puts the columns of a tile that exist where the pixels' results go. */
function storeEdge(from: usize, outTable: usize, offset: usize, rows: i32, columns: i32, add: bool): void {
  for (let r = 0; r < rows; r++) {
    const to = load<u32>(outTable + (<usize>r << 2)) + offset;
    if (columns == TILE_COLUMNS && !add) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    } else {
      for (let j = 0; j < columns; j++) {
        const at = to + (<usize>j << 2);
        const value = load<f32>(from + (<usize>j << 2));
        store<f32>(at, add ? load<f32>(at) + value : value);
      }
    }
    from += 32;
  }
}

/** Adds the bias and cuts at zero, while the block is in the cache. A NaN stays one. */
function finish(g: Geometry, y: usize, pixels: i32): void {
  const zero = f32x4.splat(0);
  const n = g.outChannels;
  const bias = g.bias;
  const relu = g.relu != 0;
  for (let p = 0; p < pixels; p++) {
    let j = 0;
    for (; j < (n & ~3); j += 4) {
      const at = y + (<usize>j << 2);
      let v = v128.load(at);
      if (bias != 0) v = f32x4.add(v, v128.load(bias + (<usize>j << 2)));
      v128.store(at, relu ? f32x4.max(v, zero) : v);
    }
    for (; j < n; j++) {
      const at = y + (<usize>j << 2);
      let v = load<f32>(at);
      if (bias != 0) v += load<f32>(bias + (<usize>j << 2));
      store<f32>(at, relu ? max<f32>(v, 0) : v);
    }
    y += g.yPixel;
  }
}
