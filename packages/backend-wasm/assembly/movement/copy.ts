import { Job, argument, lanes, setArgument } from '../pool/job';
import { parallel } from '../pool/parallel';

// A copy between two strided views of up to six dimensions: slices, padding, concatenation, transposition, tiling and reversal are all this. Its description
// lies in memory: `rank` counts, then as many source strides and target strides, in bytes, outermost first; a stride may be 0 or negative.

// @ts-ignore: decorator
@inline
function count(d: usize, axis: i32): i32 { return load<i32>(d + (<usize>axis << 2)); }

/** One run of the innermost dimension. */
// @ts-ignore: decorator
@inline
function line(bytes: i32, x: usize, y: usize, n: i32, from: i32, to: i32): void {
  if (from == bytes && to == bytes) {
    if (n * bytes >= 64) { memory.copy(y, x, <usize>n * <usize>bytes); return; }
  }
  if (bytes == 4) for (let i = 0; i < n; i++) { store<u32>(y, load<u32>(x)); x += from; y += to; }
  else for (let i = 0; i < n; i++) { store<u8>(y, load<u8>(x)); x += from; y += to; }
}

function walk(bytes: i32, x: usize, y: usize, d: usize, rank: i32, axis: i32, i0: i32, i1: i32): void {
  const from = count(d, rank + axis), to = count(d, 2 * rank + axis);
  x += <usize>(i0 * from);
  y += <usize>(i0 * to);
  if (axis == rank - 1) return line(bytes, x, y, i1 - i0, from, to);
  if (axis == rank - 2) {
    const n = count(d, rank - 1), fromInner = count(d, 2 * rank - 1), toInner = count(d, 3 * rank - 1);
    // A transposition: reading and writing both touch each cache line once when it goes by blocks.
    if (bytes == 4 && from == 4 && toInner == 4 && i1 - i0 >= 4 && n >= 4) return transposed(x, y, i1 - i0, n, fromInner, to);
    for (let i = i0; i < i1; i++) {
      line(bytes, x, y, n, fromInner, toInner);
      x += from;
      y += to;
    }
    return;
  }
  for (let i = i0; i < i1; i++) {
    walk(bytes, x, y, d, rank, axis + 1, 0, count(d, axis + 1));
    x += from;
    y += to;
  }
}

/** y[i][j] = x[j][i] for i < rows, j < n: blocks of 4 x 4. xRow: bytes between two j of x; yRow: between two i of y. */
function transposed(x: usize, y: usize, rows: i32, n: i32, xRow: usize, yRow: usize): void {
  const wholeRows = rows & ~3, wholeN = n & ~3;
  for (let i = 0; i < wholeRows; i += 4) {
    let from = x + (<usize>i << 2);
    const to = y + <usize>i * yRow;
    for (let j = 0; j < wholeN; j += 4) {
      const a = v128.load(from), b = v128.load(from + xRow), c = v128.load(from + 2 * xRow), d = v128.load(from + 3 * xRow);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const at = to + (<usize>j << 2);
      v128.store(at, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
      v128.store(at + yRow, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
      const ef = v128.shuffle<f32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(at + 2 * yRow, v128.shuffle<f32>(ef, gh, 0, 1, 4, 5));
      v128.store(at + 3 * yRow, v128.shuffle<f32>(ef, gh, 2, 3, 6, 7));
      from += xRow << 2;
    }
    for (let r = i; r < i + 4; r++) for (let j = wholeN; j < n; j++) store<u32>(y + <usize>r * yRow + (<usize>j << 2), load<u32>(x + <usize>j * xRow + (<usize>r << 2)));
  }
  for (let r = wholeRows; r < rows; r++) for (let j = 0; j < n; j++) store<u32>(y + <usize>r * yRow + (<usize>j << 2), load<u32>(x + <usize>j * xRow + (<usize>r << 2)));
}

/** Copies elements of `bytes` (1 or 4) as the description d of `rank` dimensions says; `total` is how many there are. */
export function copy(bytes: i32, x: usize, y: usize, d: usize, rank: i32, total: usize): void {
  const outer = count(d, 0);
  if (lanes() == 1 || total <= 16384 || outer < 2) return walk(bytes, x, y, d, rank, 0, 0, outer);
  setArgument(0, bytes);
  setArgument(1, <u32>x);
  setArgument(2, <u32>y);
  setArgument(3, <u32>d);
  setArgument(4, rank);
  // Four at a time, so that a transposition keeps its blocks.
  const perUnit = max<i32>(4, (<i32>(16384 / (total / <usize>outer + 1)) + 3) & ~3);
  setArgument(5, perUnit);
  parallel(Job.Copy, (outer + perUnit - 1) / perUnit);
}

export function copyUnit(unit: i32): void {
  const first = unit * <i32>argument(5);
  walk(argument(0), argument(1), argument(2), argument(3), argument(4), 0, first, min<i32>(first + argument(5), count(argument(3), 0)));
}
