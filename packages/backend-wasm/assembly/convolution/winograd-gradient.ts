import { panelTile } from '../gemm/tile';
import { Job, lanes } from '../pool/job';
import { parallel } from '../pool/parallel';
import { WIDE_COLUMNS, isWide, tileHeight, widePanelTile } from '../wide/call';
import { tileRows } from './convolution';
import { Geometry, geometry } from './geometry';
import { copySlab } from './slab';
import { slabBytes } from './plan';
import { TILE_COLUMNS } from './tile';
import { VALUES, transformFilterGradient, transformGradient, transformPatch } from './transform';

/**
 * The gradient of a 3 x 3 filter by minimal filtering, F(3 x 3, 2 x 2): patches of the input and pixels of the gradient are transformed band by band, then
 * each of the 16 values is a matrix product over all tiles. A unit is a band, then a value: each sum runs over the tiles in their order.
 */
export function winogradGradient(g: Geometry): void {
  if (g.parts > 1) {
    parallel(Job.GradientPart, g.parts);
    addParts(g);
    return transformSums(g);
  }
  const bands = g.batch * g.blocksPerImage;
  for (let band = 0; band < bands; band += g.bandsPerBlock) {
    g.band = band;
    g.tiles = tilesBefore(g, min(band + g.bandsPerBlock, bands)) - tilesBefore(g, band);
    parallel(Job.GradientTransform, min(g.bandsPerBlock, bands - band));
    parallel(Job.GradientProduct, VALUES);
  }
  transformSums(g);
}

function transformSums(g: Geometry): void {
  const n = columnsOf(g);
  const step = <usize>(g.channels * n) << 2;
  const tapStep = <usize>(g.channels * g.outChannels) << 2;
  for (let channel = 0; channel < g.channels; channel++) {
    const from = sums(g) + (<usize>(channel * n) << 2);
    const to = g.y + (<usize>(channel * g.outChannels) << 2);
    for (let j: usize = 0; j < <usize>g.outChannels << 2; j += 16) transformFilterGradient(from + j, step, to + j, tapStep);
  }
}

// @ts-ignore: decorator
@inline
export function columnsOf(g: Geometry): i32 { return (g.outChannels + TILE_COLUMNS - 1) & ~(TILE_COLUMNS - 1); }

/** Tiles in all bands before a band. */
function tilesBefore(g: Geometry, band: i32): i32 {
  const across = (g.outWidth + 1) >> 1;
  return band / g.blocksPerImage * ((g.outHeight + 1) >> 1) * across + band % g.blocksPerImage * (g.rows >> 1) * across;
}

// Behind the slabs of the threads: the sums, the patches of a block, its gradients.
// @ts-ignore: decorator
@inline
function sums(g: Geometry): usize { return g.scratch + <usize>lanes() * g.laneBytes; }
// @ts-ignore: decorator
@inline
function patches(g: Geometry): usize { return sums(g) + (<usize>(VALUES * g.channels * columnsOf(g)) << 2); }
// @ts-ignore: decorator
@inline
function gradients(g: Geometry): usize { return patches(g) + (<usize>(VALUES * g.tiles * g.channels) << 2); }

/** Bytes of the sums of one part. */
// @ts-ignore: decorator
@inline
export function sumBytes(g: Geometry): usize { return <usize>(VALUES * g.channels * columnsOf(g)) << 2; }

/**
 * A part of the images, with sums of its own: nothing goes from one thread's cache to another's. How the images are cut depends on the sizes alone, and the
 * sums of the parts are added in their order.
 */
export function gradientPartUnit(part: i32, lane: i32): void {
  const g = geometry();
  const bands = g.batch * g.blocksPerImage;
  const end = bands * (part + 1) / g.parts;
  const slab = g.scratch + <usize>lane * g.laneBytes;
  const patchesAt = slab + slabBytes(g);
  const to = sums(g) + <usize>part * sumBytes(g);
  const first = bands * part / g.parts;
  for (let band = first; band < end; band += g.bandsPerBlock) {
    const last = min(band + g.bandsPerBlock, end);
    const tiles = tilesBefore(g, last) - tilesBefore(g, band);
    const gradientsAt = patchesAt + (<usize>(VALUES * tiles * g.channels) << 2);
    for (let i = band; i < last; i++) transformBand(g, i, tilesBefore(g, i) - tilesBefore(g, band), tiles, slab, patchesAt, gradientsAt);
    for (let value = 0; value < VALUES; value++) product(g, value, tiles, patchesAt, gradientsAt, to, band > first);
  }
}

function addParts(g: Geometry): void {
  const bytes = sumBytes(g);
  const to = sums(g);
  for (let part = 1; part < g.parts; part++) {
    const from = to + <usize>part * bytes;
    for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
  }
}

export function gradientTransformUnit(unit: i32, lane: i32): void {
  const g = geometry();
  const band = g.band + unit;
  transformBand(g, band, tilesBefore(g, band) - tilesBefore(g, g.band), g.tiles, g.scratch + <usize>lane * g.laneBytes, patches(g), gradients(g));
}

/** The patches and gradients of one band, the tiles from `before` on of `tiles`. */
function transformBand(g: Geometry, band: i32, before: i32, tiles: i32, slab: usize, patchesAt: usize, gradientsAt: usize): void {
  const image = band / g.blocksPerImage;
  const row0 = band % g.blocksPerImage * g.rows;
  const rows = min(g.rows, g.outHeight - row0);
  const down = (rows + 1) >> 1;
  const across = (g.outWidth + 1) >> 1;
  copySlab(g, image, 1, row0, down << 1, slab);
  const first = <usize>before;
  const pixelBytes = <usize>g.channels << 2;
  const yPixel = <usize>g.outChannels << 2;
  const yBytes = <usize>columnsOf(g) << 2;
  let patch = patchesAt + first * pixelBytes;
  let gradient = gradientsAt + first * yBytes;
  for (let row = 0; row < down; row++) {
    let from = slab + <usize>(row << 1) * g.rowBytes;
    let dy = g.filter + (<usize>image * <usize>g.outHeight + <usize>(row0 + (row << 1))) * <usize>g.outWidth * yPixel;
    for (let column = 0; column < across; column++) {
      transformPatch(from, g.rowBytes, pixelBytes, pixelBytes, patch, <usize>tiles * pixelBytes);
      transformGradient(dy, <usize>g.outWidth * yPixel, yPixel, rows - (row << 1), g.outWidth - (column << 1), yPixel, gradient, <usize>tiles * yBytes);
      from += pixelBytes << 1;
      dy += yPixel << 1;
      patch += pixelBytes;
      gradient += yBytes;
    }
  }
}

export function gradientProductUnit(value: i32): void {
  const g = geometry();
  product(g, value, g.tiles, patches(g), gradients(g), sums(g), g.band > 0);
}

/** One of the 16 products over so many tiles, into the sums or added to them. */
function product(g: Geometry, value: i32, tiles: i32, patchesAt: usize, gradientsAt: usize, sumsAt: usize, add: bool): void {
  const n = columnsOf(g);
  const pixelBytes = <usize>g.channels << 2;
  const yBytes = <usize>n << 2;
  const a = patchesAt + <usize>(value * tiles) * pixelBytes;
  const b = gradientsAt + <usize>(value * tiles) * yBytes;
  const c = sumsAt + <usize>(value * g.channels) * yBytes;
  for (let channel = 0; channel < g.channels; ) {
    const count = tileRows(channel, g.channels, tileHeight(n));
    const from = a + (<usize>channel << 2);
    const to = c + <usize>channel * yBytes;
    let j = 0;
    for (; isWide() && j + WIDE_COLUMNS <= n; j += WIDE_COLUMNS) {
      const offset = <usize>j << 2;
      widePanelTile(count, from, pixelBytes, b + offset, b + offset + 32, yBytes, to + offset, yBytes, tiles, add);
    }
    for (; j < n; j += TILE_COLUMNS) {
      const offset = <usize>j << 2;
      panelTile(count, from, pixelBytes, b + offset, yBytes, to + offset, yBytes, tiles, add);
    }
    channel += count;
  }
}
