import { storePart } from '../elementwise/binary';
import { Fused, runFused } from '../fused/span';
import { argument, lanes, setArgument } from '../pool/job';

/** Columns that are summed at a time: a cache line of each row. */
const COLUMNS: usize = 16;

/** y[j] = the sum of column j of x, rows x n, row after row: what the product of a row of ones with x gives, bit by bit. */
export function columnSums(x: usize, y: usize, rows: usize, n: usize): void {
  setArgument(0, <u32>x);
  setArgument(1, <u32>y);
  setArgument(2, <u32>rows);
  setArgument(3, <u32>n);
  const blocks = (n + COLUMNS - 1) / COLUMNS;
  const perUnit = lanes() == 1 || rows * n < 65536 ? blocks : 1;
  setArgument(4, <u32>perUnit);
  if (n > 0) runFused(Fused.ColumnSums, <i32>((blocks + perUnit - 1) / perUnit));
}

export function columnSumsUnit(unit: i32): void {
  const n = <usize>argument(3);
  const first = <usize>unit * argument(4) * COLUMNS;
  const end = min<usize>(n, first + argument(4) * COLUMNS);
  let j = first;
  for (; j + COLUMNS <= end; j += COLUMNS) sumSixteen(argument(0) + (j << 2), argument(1) + (j << 2), argument(2), n << 2);
  for (; j < end; j += 4) sumFour(argument(0) + (j << 2), argument(1) + (j << 2), argument(2), n << 2, end - j);
}

function sumSixteen(x: usize, y: usize, rows: usize, step: usize): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (; rows > 0; rows--, x += step) {
    a = f32x4.add(a, v128.load(x)); b = f32x4.add(b, v128.load(x, 16));
    c = f32x4.add(c, v128.load(x, 32)); d = f32x4.add(d, v128.load(x, 48));
  }
  v128.store(y, a); v128.store(y, b, 16); v128.store(y, c, 32); v128.store(y, d, 48);
}

/** At most four columns. Behind the last one the vector holds what comes next in memory: it is summed and not stored. */
function sumFour(x: usize, y: usize, rows: usize, step: usize, columns: usize): void {
  let sum = f32x4.splat(0);
  for (; rows > 0; rows--, x += step) sum = f32x4.add(sum, v128.load(x));
  if (columns >= 4) v128.store(y, sum);
  else storePart(y, sum, columns);
}
