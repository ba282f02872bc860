import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { OutputBackend } from '../kernel.js';
import { canCopy, elementBytes, type CopyDimension } from './copy-dimensions.js';

/** What a backend does itself for kernels that move elements. */
export interface Moves<B> {
  /** Copies elements of x to y, both beginning at an offset in elements; x and y have the same type and may be the same tensor. Copies nothing where a count is 0. */
  stridedCopy(
    backend: B,
    x: TensorInfo,
    y: TensorInfo,
    dimensions: readonly CopyDimension[],
    fromOffset?: number,
    toOffset?: number,
  ): void;
  /** A tensor of one value; undefined for types that do not live in the backend's memory. */
  filled(backend: B, shape: number[], dtype: DataType, value: number): TensorInfo | undefined;
}

/** A new tensor that one copy fills; undefined where the type or the number of dimensions is not ours. */
export function copied<B extends OutputBackend>(
  { stridedCopy }: Moves<B>,
  backend: B,
  x: TensorInfo,
  shape: number[],
  dimensions: CopyDimension[],
  offset = 0,
): TensorInfo | undefined {
  if (elementBytes(x) === undefined || !canCopy(dimensions)) return undefined;
  const y = backend.output(shape, x.dtype);
  stridedCopy(backend, x, y, dimensions, offset);
  return y;
}
