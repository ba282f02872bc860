import { Job } from '../pool/job';
import { parallel } from '../pool/parallel';
import { DEPTHWISE, geometry } from './geometry';
import { TABLES, filterRows } from './plan';
import { copySlab } from './slab';
import { tapOffsets, tileRows } from './convolution';
import { TILE_COLUMNS, TILE_ROWS, channelsTile, denseTile } from './tile';
import { WIDE_COLUMNS, isWide, tileHeight, wideDenseTile } from '../wide/call';
import { winogradGradient } from './winograd-gradient';

/**
 * The gradient of a filter, into `y`, after `planFilterGradient`; `filter` is the gradient of the output. Units are parts of the filter, and each sums over
 * all images, rows and columns in their order: the result does not depend on who does what.
 */
export function filterGradient(): void {
  const g = geometry();
  if (g.winograd) return winogradGradient(g);
  const tiles = (filterRows(g) + TILE_ROWS - 1) / TILE_ROWS;
  const panels = (g.outChannels + TILE_COLUMNS - 1) / TILE_COLUMNS;
  parallel(Job.FilterGradient, (tiles + g.tilesPerUnit - 1) / g.tilesPerUnit * ((panels + g.panelsPerUnit - 1) / g.panelsPerUnit));
}

export function filterGradientUnit(unit: i32, lane: i32): void {
  const g = geometry();
  const depthwise = g.kind == DEPTHWISE;
  const n = g.outChannels;
  const panels = (n + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const across = (panels + g.panelsPerUnit - 1) / g.panelsPerUnit;
  const r0 = unit / across * g.tilesPerUnit * TILE_ROWS;
  const r1 = min(r0 + g.tilesPerUnit * TILE_ROWS, filterRows(g));
  const j0 = unit % across * g.panelsPerUnit * TILE_COLUMNS;
  const j1 = min(j0 + g.panelsPerUnit * TILE_COLUMNS, n);
  const own = g.scratch + <usize>lane * g.laneBytes;
  const table = own + TABLES;
  const slab = table + g.tableBytes;
  const pixelBytes = <usize>g.channels << 2;
  const offsets = slab - g.offsetBytes;
  tapOffsets(g, table);
  const yRow = <usize>n << 2;
  let add = false;
  for (let image = 0; image < g.batch; image += g.images) {
    const images = min(g.images, g.batch - image);
    for (let row = 0; row < g.outHeight; row += g.rows) {
      const rows = min(g.rows, g.outHeight - row);
      let a = slab;
      if (g.padded) copySlab(g, image, images, row, rows, slab);
      else a = g.x + <usize>image * g.imageBytes + <usize>(row * g.strideHeight - g.padTop) * g.rowBytes - <usize>g.padLeft * pixelBytes;
      const gradient = g.filter + (<usize>image * <usize>g.outHeight + <usize>row) * <usize>g.outWidth * yRow;
      let end = offsets;
      for (let i = 0; i < images; i++) {
        for (let r = 0; r < rows; r++) {
          let at = a + <usize>i * g.imageBytes + <usize>(r * g.strideHeight) * g.rowBytes;
          for (let column = 0; column < g.outWidth; column++) {
            store<u32>(end, <u32>at);
            end += 4;
            at += <usize>g.strideWidth * pixelBytes;
          }
        }
      }
      for (let r = r0; r < r1; ) {
        const wide = !depthwise && isWide();
        const count = tileRows(r, r1, wide ? tileHeight(j1 - j0) : TILE_ROWS);
        const rowTable = table + (<usize>r << 2);
        let j = j0;
        for (; wide && j + WIDE_COLUMNS <= j1; j += WIDE_COLUMNS) {
          const b = gradient + (<usize>j << 2);
          wideDenseTile(count, rowTable, offsets, end, b, b + 32, yRow, g.y + <usize>r * yRow + (<usize>j << 2), yRow, add);
        }
        for (; j < j1; j += TILE_COLUMNS) {
          const offset = <usize>j << 2;
          const to = g.y + <usize>r * yRow + offset;
          const whole = n - j >= TILE_COLUMNS;
          const target = whole ? to : own;
          const targetRow = whole ? yRow : <usize>32;
          if (!whole && add) copyColumns(to, yRow, own, 32, count, n - j);
          if (depthwise) channelsTile(count, rowTable, offset, offsets, end, gradient + offset, yRow, target, targetRow, add);
          else denseTile(count, rowTable, offsets, end, gradient + offset, yRow, target, targetRow, add);
          if (!whole) copyColumns(own, 32, to, yRow, count, n - j);
        }
        r += count;
      }
      add = true;
    }
  }
}

/** Copies the columns of a tile that exist. */
function copyColumns(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < columns; j++) store<f32>(to + (<usize>j << 2), load<f32>(from + (<usize>j << 2)));
    from += fromRow;
    to += toRow;
  }
}

/** y[i] = the sum of `group` values of x, for `count` of them. */
export function sumGroups(x: usize, y: usize, count: i32, group: i32): void {
  for (let i = 0; i < count; i++) {
    let sum: f32 = 0;
    for (let j = 0; j < group; j++) {
      sum += load<f32>(x);
      x += 4;
    }
    store<f32>(y, sum);
    y += 4;
  }
}
