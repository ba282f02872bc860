import { Wide } from '../../src/internal/codes';
import { TILE_ROWS } from '../gemm/tile';

/** Where the place of the first wide function stands in the table of functions; 0 where there are none. */
const FIRST: usize = 396;

/** The columns of a wide tile. */
export const WIDE_COLUMNS: i32 = 16;
/** Its rows: eight accumulators of two vectors each hide the time that a sum takes; with ten, a product that needs a register of its own spills one. */
const WIDE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 5 : 4;

/** Says where the wide functions are. */
export function setWide(first: i32): void { store<i32>(FIRST, first); }

/** True where another module has functions for vectors of 256 bits. */
// @ts-ignore: decorator
@inline
export function isWide(): bool { return load<i32>(FIRST) != 0; }

/** The rows of the largest tile of a product with so many columns. */
// @ts-ignore: decorator
@inline
export function tileHeight(columns: i32): i32 { return columns >= WIDE_COLUMNS && isWide() ? WIDE_ROWS : TILE_ROWS; }

// @ts-ignore: decorator
@inline
function at(which: i32): u32 { return <u32>(load<i32>(FIRST) + which); }

// @ts-ignore: decorator
@inline
export function widePanelTile(rows: i32, a: usize, aStep: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void {
  call_indirect<void>(at(Wide.PanelTile), rows, a, aStep, b, d, bStep, c, cRow, k, add);
}

// @ts-ignore: decorator
@inline
export function wideRowsTile(rows: i32, a: usize, aRow: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, k: i32, add: bool): void {
  call_indirect<void>(at(Wide.RowsTile), rows, a, aRow, b, d, bStep, c, cRow, k, add);
}

// @ts-ignore: decorator
@inline
export function wideDenseTile(rows: i32, table: usize, offsets: usize, end: usize, b: usize, d: usize, bStep: usize, c: usize, cRow: usize, add: bool): void {
  call_indirect<void>(at(Wide.DenseTile), rows, table, offsets, end, b, d, bStep, c, cRow, add);
}

// @ts-ignore: decorator
@inline
export function wideLstmForward(parts: usize, gates: usize, c: usize, squashed: usize, nextH: usize, nextC: usize, bytes: usize): void {
  call_indirect<void>(at(Wide.LstmForward), parts, gates, c, squashed, nextH, nextC, bytes);
}

// @ts-ignore: decorator
@inline
export function wideLstmBackward(dState: usize, dCell: usize, gates: usize, cells: usize, squashed: usize, dz: usize, bytes: usize): void {
  call_indirect<void>(at(Wide.LstmBackward), dState, dCell, gates, cells, squashed, dz, bytes);
}

// @ts-ignore: decorator
@inline
export function wideGruForward(parts: usize, own: usize, gates: usize, inner: usize, h: usize, next: usize, bytes: usize): void {
  call_indirect<void>(at(Wide.GruForward), parts, own, gates, inner, h, next, bytes);
}

// @ts-ignore: decorator
@inline
export function wideGruBackward(dNow: usize, gates: usize, inner: usize, before: usize, dz: usize, sz: usize, bytes: usize): void {
  call_indirect<void>(at(Wide.GruBackward), dNow, gates, inner, before, dz, sz, bytes);
}
