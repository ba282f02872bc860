import { rowsTile } from '../gemm/tile';
import { Geometry } from './geometry';
import { TABLES } from './plan';
import { copySlab } from './slab';
import { TILE_COLUMNS, TILE_ROWS } from './tile';
import { VALUES, transformPatch, transformTaps, transformTile } from './transform';
import { WIDE_COLUMNS, isWide, tileHeight, wideRowsTile } from '../wide/call';
import { tileRows } from './convolution';

/** The 16 values of each tap for one packed panel: from [tap][k][8] to [value][k][8]. */
export function transformPanel(from: usize, k: i32, to: usize): void {
  const step = <usize>k << 5;
  for (let i = 0; i < k; i++) {
    transformTaps(from, step, to, step);
    transformTaps(from + 16, step, to + 16, step);
    from += 32;
    to += 32;
  }
}

/** One block of the output by 16 matrix products of transformed patches with the transformed filter at `filter`. */
export function winogradBlock(g: Geometry, image0: i32, images: i32, row0: i32, rows: i32, own: usize, filter: usize): void {
  const across = (g.outWidth + 1) >> 1;
  const down = (rows + 1) >> 1;
  const tiles = images * down * across;
  const pixelBytes = <usize>g.channels << 2;
  const n = (g.outChannels + TILE_COLUMNS - 1) & ~(TILE_COLUMNS - 1);
  const yBytes = <usize>n << 2;
  const patches = own + TABLES;
  const products = patches + <usize>(VALUES * tiles) * pixelBytes;
  const slab = own + TABLES + g.tableBytes;
  copySlab(g, image0, images, row0, down << 1, slab);
  const patchStep = <usize>tiles * pixelBytes;
  let to = patches;
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < down; row++) {
      let from = slab + <usize>image * g.imageBytes + <usize>(row << 1) * g.rowBytes;
      for (let column = 0; column < across; column++) {
        transformPatch(from, g.rowBytes, pixelBytes, pixelBytes, to, patchStep);
        from += pixelBytes << 1;
        to += pixelBytes;
      }
    }
  }
  const productStep = <usize>tiles * yBytes;
  const panelBytes = <usize>(VALUES * g.channels) << 5;
  for (let value = 0; value < VALUES; value++) {
    const a = patches + <usize>value * patchStep;
    const c = products + <usize>value * productStep;
    let b = filter + (<usize>(value * g.channels) << 5);
    let j = 0;
    if (isWide()) {
      for (; j + WIDE_COLUMNS <= n; j += WIDE_COLUMNS) {
        for (let t = 0; t < tiles; ) {
          const count = tileRows(t, tiles, tileHeight(n));
          wideRowsTile(count, a + <usize>t * pixelBytes, pixelBytes, b, b + panelBytes, 32, c + <usize>t * yBytes + (<usize>j << 2), yBytes, g.channels, false);
          t += count;
        }
        b += 2 * panelBytes;
      }
    }
    for (; j < n; j += TILE_COLUMNS) {
      for (let t = 0; t < tiles; ) {
        const count = tileRows(t, tiles, TILE_ROWS);
        rowsTile(count, a + <usize>t * pixelBytes, pixelBytes, b, 32, c + <usize>t * yBytes + (<usize>j << 2), yBytes, g.channels, false);
        t += count;
      }
      b += panelBytes;
    }
  }
  let from = products;
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < down; row++) {
      let y = g.y + <usize>(image0 + image) * g.yImage + <usize>(row0 + (row << 1)) * g.yRow;
      for (let column = 0; column < across; column++) {
        transformTile(from, productStep, <usize>g.outChannels << 2, g.bias, g.relu != 0, y, g.yRow, g.yPixel, rows - (row << 1), g.outWidth - (column << 1));
        from += yBytes;
        y += g.yPixel << 1;
      }
    }
  }
}
