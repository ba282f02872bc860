import { Fused, runFused } from '../fused/span';
import { argument, setArgument } from '../pool/job';

// Sums down the columns of a matrix whose rows are whole vectors and at least 16 wide. A matrix of fewer or other columns is read as one of rows that repeat
// them: ten columns are rows of twenty, and what belongs together is joined afterwards.

/** Elements a unit covers, and rows at least: it is read twice and stays in the second-level cache. */
const UNIT: usize = 8192;
const FEWEST_ROWS: usize = 32;

// @ts-ignore: decorator
@inline
export function rowsPerUnit(width: usize): usize { return max<usize>(FEWEST_ROWS, UNIT / width); }

/** The bytes that `columnMoments` and `columnProducts` leave at `parts`. */
// @ts-ignore: decorator
@inline
export function partsBytes(rows: usize, width: usize): usize { return (rows + rowsPerUnit(width) - 1) / rowsPerUnit(width) * width << 3; }

/** For each unit of rows, and each column: the mean, then the sum of squared distances to it. */
export function columnMoments(x: usize, rows: usize, width: usize, parts: usize): void {
  run(Fused.ColumnMoments, x, 0, 0, rows, width, parts);
}

/** For each unit of rows, and each column: the sum of dy, then that of dy (x - mean). */
export function columnProducts(dy: usize, x: usize, mean: usize, rows: usize, width: usize, parts: usize): void {
  run(Fused.ColumnProducts, x, dy, mean, rows, width, parts);
}

function run(kind: i32, x: usize, dy: usize, mean: usize, rows: usize, width: usize, parts: usize): void {
  if (rows == 0) return;
  setArgument(0, <u32>x);
  setArgument(1, <u32>dy);
  setArgument(2, <u32>mean);
  setArgument(3, <u32>rows);
  setArgument(4, <u32>width);
  setArgument(5, <u32>parts);
  runFused(kind, <i32>((rows + rowsPerUnit(width) - 1) / rowsPerUnit(width)));
}

/** V vectors of columns at once: enough sums under way that additions do not wait for one another. */
// @ts-ignore: decorator
@inline
function moments(V: i32, x: usize, rows: usize, step: usize, mean: usize, spread: usize): void {
  const end = x + rows * step;
  const share = f32x4.splat(<f32>1 / <f32>rows);
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (let p = x; p < end; p += step) {
    a = f32x4.add(a, v128.load(p));
    if (V > 1) {
      b = f32x4.add(b, v128.load(p, 16));
      c = f32x4.add(c, v128.load(p, 32));
      d = f32x4.add(d, v128.load(p, 48));
    }
  }
  const ma = f32x4.mul(a, share), mb = f32x4.mul(b, share), mc = f32x4.mul(c, share), md = f32x4.mul(d, share);
  a = f32x4.splat(0), b = a, c = a, d = a;
  for (let p = x; p < end; p += step) {
    const va = f32x4.sub(v128.load(p), ma);
    a = f32x4.add(a, f32x4.mul(va, va));
    if (V > 1) {
      const vb = f32x4.sub(v128.load(p, 16), mb), vc = f32x4.sub(v128.load(p, 32), mc), vd = f32x4.sub(v128.load(p, 48), md);
      b = f32x4.add(b, f32x4.mul(vb, vb));
      c = f32x4.add(c, f32x4.mul(vc, vc));
      d = f32x4.add(d, f32x4.mul(vd, vd));
    }
  }
  v128.store(mean, ma);
  v128.store(spread, a);
  if (V > 1) {
    v128.store(mean, mb, 16); v128.store(mean, mc, 32); v128.store(mean, md, 48);
    v128.store(spread, b, 16); v128.store(spread, c, 32); v128.store(spread, d, 48);
  }
}

export function columnMomentsUnit(unit: i32): void {
  const width = <usize>argument(4);
  const perUnit = rowsPerUnit(width);
  const first = <usize>unit * perUnit;
  const rows = min<usize>(perUnit, argument(3) - first);
  const step = width << 2;
  const x = <usize>argument(0) + first * step;
  const mean = <usize>argument(5) + <usize>unit * (step << 1), spread = mean + step;
  let i: usize = 0;
  for (; i + 64 <= step; i += 64) moments(4, x + i, rows, step, mean + i, spread + i);
  for (; i < step; i += 16) moments(1, x + i, rows, step, mean + i, spread + i);
}

// @ts-ignore: decorator
@inline
function products(V: i32, dy: usize, x: usize, mean: usize, rows: usize, step: usize, sums: usize, results: usize): void {
  let a = f32x4.splat(0), b = a, e = a, f = a;
  const ma = v128.load(mean), mb = v128.load(V > 1 ? mean + 16 : mean);
  for (let i: usize = 0, end = rows * step; i < end; i += step) {
    const da = v128.load(dy + i);
    a = f32x4.add(a, da);
    e = f32x4.add(e, f32x4.mul(da, f32x4.sub(v128.load(x + i), ma)));
    if (V > 1) {
      const db = v128.load(dy + i, 16);
      b = f32x4.add(b, db);
      f = f32x4.add(f, f32x4.mul(db, f32x4.sub(v128.load(x + i, 16), mb)));
    }
  }
  v128.store(sums, a);
  v128.store(results, e);
  if (V > 1) {
    v128.store(sums, b, 16);
    v128.store(results, f, 16);
  }
}

export function columnProductsUnit(unit: i32): void {
  const width = <usize>argument(4);
  const perUnit = rowsPerUnit(width);
  const first = <usize>unit * perUnit;
  const rows = min<usize>(perUnit, argument(3) - first);
  const step = width << 2;
  const x = <usize>argument(0) + first * step, dy = <usize>argument(1) + first * step, mean = <usize>argument(2);
  const sums = <usize>argument(5) + <usize>unit * (step << 1), results = sums + step;
  let i: usize = 0;
  for (; i + 32 <= step; i += 32) products(2, dy + i, x + i, mean + i, rows, step, sums + i, results + i);
  for (; i < step; i += 16) products(1, dy + i, x + i, mean + i, rows, step, sums + i, results + i);
}
