import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';

/** Where in the first page of the memory the description of a copy lies. */
const DESCRIPTION = 1024;
const MOST_DIMENSIONS = 6;

/** One dimension of a copy: how many steps, and how many elements a step moves in the source and in the target. */
export interface CopyDimension {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** Bytes an element takes, or undefined for a type that does not live in the heap. */
export function elementBytes(x: TensorInfo): 1 | 4 | undefined {
  if (x.dtype === 'float32' || x.dtype === 'int32') return 4;
  return x.dtype === 'bool' ? 1 : undefined;
}

/** Joins dimensions that are one in both views, and leaves out those of one step. */
export function joinDimensions(dimensions: readonly CopyDimension[]): CopyDimension[] {
  const joined: CopyDimension[] = [];
  for (const { count, from, to } of dimensions) {
    if (count === 1) continue;
    const last = joined.at(-1);
    if (last !== undefined && last.from === from * count && last.to === to * count)
      joined[joined.length - 1] = { count: last.count * count, from, to };
    else joined.push({ count, from, to });
  }
  return joined.length > 0 ? joined : [{ count: 1, from: 1, to: 1 }];
}

/** True where a copy has few enough dimensions to be done. */
export function canCopy(dimensions: readonly CopyDimension[]): boolean {
  return joinDimensions(dimensions).length <= MOST_DIMENSIONS;
}

/** Copies elements of x to y, both beginning at an offset in elements. */
export function stridedCopy(
  backend: WasmSimdBackend,
  x: TensorInfo,
  y: TensorInfo,
  dimensions: readonly CopyDimension[],
  fromOffset = 0,
  toOffset = 0,
): void {
  const total = dimensions.reduce((product, { count }) => product * count, 1);
  if (total === 0) return;
  const bytes = elementBytes(x)!;
  const joined = joinDimensions(dimensions);
  const [from, to] = [backend.address(x) + fromOffset * bytes, backend.address(y) + toOffset * bytes];
  const { runtime } = backend;
  runtime.write(DESCRIPTION, [
    ...joined.map(({ count }) => count),
    ...joined.map((dimension) => dimension.from * bytes),
    ...joined.map((dimension) => dimension.to * bytes),
  ]);
  runtime.wasm.copy(bytes, from, to, DESCRIPTION, joined.length, total);
}

/** The strides of a dense tensor. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** A new tensor of a shape that x broadcasts to; undefined where that has too many dimensions. */
export function broadcastCopy(backend: WasmSimdBackend, x: TensorInfo, shape: number[]): TensorInfo | undefined {
  const [own, to] = [denseStrides(x.shape), denseStrides(shape)];
  const dimensions = shape.map((count, axis) => {
    const place = axis - (shape.length - x.shape.length);
    return { count, from: place < 0 || x.shape[place] === 1 ? 0 : own[place]!, to: to[axis]! };
  });
  if (elementBytes(x) === undefined || !canCopy(dimensions)) return undefined;
  const y = backend.output(shape, x.dtype);
  stridedCopy(backend, x, y, dimensions);
  return y;
}
