import { elementBytes, joinDimensions, type CopyDimension } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { blocks, gridFor, THREADS, WARPS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';

const kernels = kernelsIn('movement', {
  copy_words: 'ppis',
  copy_quads: 'ppis',
  copy_bytes: 'ppis',
  transpose_words: 'ppii',
});

const MOST = 6;

/** Copies elements of x to y, both beginning at an offset in elements. */
export function stridedCopy(
  backend: CudaBackend,
  x: TensorInfo,
  y: TensorInfo,
  dimensions: readonly CopyDimension[],
  fromOffset = 0,
  toOffset = 0,
): void {
  const total = dimensions.reduce((product, { count }) => product * count, 1);
  if (total === 0) return;
  const bytes = elementBytes(x)!;
  const list = joinDimensions(dimensions);
  const [from, to] = [backend.address(x) + fromOffset * bytes, backend.writable(y) + toOffset * bytes];
  const { runtime } = backend;
  if (list.length === 1 && list[0]!.from === 1 && list[0]!.to === 1) return runtime.copy(from, to, total * bytes);
  if (bytes === 4 && transposed(backend, list, from, to)) return;
  const isQuad = bytes === 4 && from % 16 === 0 && to % 16 === 0 && isFourfold(list);
  const words = described(isQuad ? inQuads(list) : list);
  const kernel = isQuad ? kernels.copy_quads : bytes === 4 ? kernels.copy_words : kernels.copy_bytes;
  const count = isQuad ? total / 4 : total;
  runtime.launch(kernel, gridFor(count), THREADS, [from, to, count, words]);
}

/** Whether the last dimension moves runs of four, and all others whole fours. */
function isFourfold(list: readonly CopyDimension[]): boolean {
  const last = list.at(-1)!;
  return (
    last.from === 1 &&
    last.to === 1 &&
    last.count % 4 === 0 &&
    list.slice(0, -1).every(({ from, to }) => from % 4 === 0 && to % 4 === 0)
  );
}

function inQuads(list: readonly CopyDimension[]): CopyDimension[] {
  const last = list.length - 1;
  return list.map(({ count, from, to }, index) =>
    index === last ? { count: count / 4, from, to } : { count, from: from / 4, to: to / 4 },
  );
}

/** The words of `Copy` in kernels/movement.cu: the last dimension first. */
function described(list: readonly CopyDimension[]): Int32Array {
  const words = new Int32Array(1 + 3 * MOST);
  words[0] = list.length;
  for (const [index, { count, from, to }] of list.toReversed().entries()) {
    words[1 + index] = count;
    words[1 + MOST + index] = from;
    words[1 + 2 * MOST + index] = to;
  }
  return words;
}

/** Rows that become columns, for each of a batch: read and written in rows. Says whether it is that. */
function transposed({ runtime }: CudaBackend, list: readonly CopyDimension[], from: number, to: number): boolean {
  const [batch, a, b] = list.length === 2 ? [{ count: 1, from: 0, to: 0 }, ...list] : list.length === 3 ? list : [];
  if (batch === undefined || a === undefined || b === undefined) return false;
  const size = a.count * b.count;
  const isBatch = batch.count === 1 || (batch.from === size && batch.to === size);
  // In the order of the target: a along its rows, b within one; in the source b goes from row to row.
  if (!isBatch || a.from !== 1 || a.to !== b.count || b.to !== 1 || b.from !== a.count) return false;
  if (Math.min(a.count, b.count) < 8) return false;
  const tiles = blocks(a.count, 32) * blocks(b.count, 32) * batch.count;
  runtime.launch(kernels.transpose_words, [tiles, 1, 1], WARPS, [from, to, b.count, a.count]);
  return true;
}
