import { panelTile } from '../gemm/tile';
import { Job, lanes } from '../pool/job';
import { parallel } from '../pool/parallel';
import { tileRows } from './convolution';
import { Geometry, geometry } from './geometry';
import { copySlab } from './slab';
import { TILE_COLUMNS } from './tile';
import { VALUES, transformFilterGradient, transformGradient, transformPatch } from './transform';

/**
 * The gradient of a 3 x 3 filter by minimal filtering, F(3 x 3, 2 x 2): patches of the input and pixels of the gradient are transformed band by band, then
 * each of the 16 values is a matrix product over all tiles. A unit is a band, then a value: each sum runs over the tiles in their order.
 */
export function winogradGradient(g: Geometry): void {
  const bands = g.batch * g.blocksPerImage;
  for (let band = 0; band < bands; band += g.bandsPerBlock) {
    g.band = band;
    g.tiles = tilesBefore(g, min(band + g.bandsPerBlock, bands)) - tilesBefore(g, band);
    parallel(Job.GradientTransform, min(g.bandsPerBlock, bands - band));
    parallel(Job.GradientProduct, VALUES);
  }
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

export function gradientTransformUnit(unit: i32, lane: i32): void {
  const g = geometry();
  const band = g.band + unit;
  const image = band / g.blocksPerImage;
  const row0 = band % g.blocksPerImage * g.rows;
  const rows = min(g.rows, g.outHeight - row0);
  const down = (rows + 1) >> 1;
  const across = (g.outWidth + 1) >> 1;
  const slab = g.scratch + <usize>lane * g.laneBytes;
  copySlab(g, image, 1, row0, down << 1, slab);
  const first = <usize>(tilesBefore(g, band) - tilesBefore(g, g.band));
  const pixelBytes = <usize>g.channels << 2;
  const yPixel = <usize>g.outChannels << 2;
  const yBytes = <usize>columnsOf(g) << 2;
  let patch = patches(g) + first * pixelBytes;
  let gradient = gradients(g) + first * yBytes;
  for (let row = 0; row < down; row++) {
    let from = slab + <usize>(row << 1) * g.rowBytes;
    let dy = g.filter + (<usize>image * <usize>g.outHeight + <usize>(row0 + (row << 1))) * <usize>g.outWidth * yPixel;
    for (let column = 0; column < across; column++) {
      transformPatch(from, g.rowBytes, pixelBytes, pixelBytes, patch, <usize>g.tiles * pixelBytes);
      transformGradient(dy, <usize>g.outWidth * yPixel, yPixel, rows - (row << 1), g.outWidth - (column << 1), yPixel, gradient, <usize>g.tiles * yBytes);
      from += pixelBytes << 1;
      dy += yPixel << 1;
      patch += pixelBytes;
      gradient += yBytes;
    }
  }
}

export function gradientProductUnit(value: i32): void {
  const g = geometry();
  const n = columnsOf(g);
  const pixelBytes = <usize>g.channels << 2;
  const yBytes = <usize>n << 2;
  const a = patches(g) + <usize>(value * g.tiles) * pixelBytes;
  const b = gradients(g) + <usize>(value * g.tiles) * yBytes;
  const c = sums(g) + <usize>(value * g.channels) * yBytes;
  for (let channel = 0; channel < g.channels; ) {
    const count = tileRows(channel, g.channels);
    const from = a + (<usize>channel << 2);
    const to = c + <usize>channel * yBytes;
    for (let j = 0; j < n; j += TILE_COLUMNS) {
      const offset = <usize>j << 2;
      panelTile(count, from, pixelBytes, b + offset, yBytes, to + offset, yBytes, g.tiles, g.band > 0);
    }
    channel += count;
  }
}
