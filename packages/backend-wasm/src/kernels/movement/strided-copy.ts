import { canCopy, denseStrides, elementBytes, joinDimensions, type CopyDimension } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';

/** Where in the first page of the memory the description of a copy lies. */
const DESCRIPTION = 1024;

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
