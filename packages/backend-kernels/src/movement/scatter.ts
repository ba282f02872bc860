import { backend_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { elementBytes } from './copy-dimensions.js';
import type { Moves } from './moves.js';

const MOST_DIMENSIONS = 6;

/** What a backend does itself for kernels of rows at places that several indices name together. Both throw `GS_BACKEND_KERNEL` where one is out of range. */
export interface Scattering<B> extends Moves<B> {
  /**
   * Adds `rows` rows of `width` elements of updates to y, or puts them there; the indices [rows, sizes.length] name a place in dimensions of `sizes`. Gives y, and
   * disposes of it where an index is out of range. `name` is the kernel, for the error.
   */
  scatter(
    backend: B,
    name: string,
    kind: 'add' | 'set',
    tensors: readonly [updates: TensorInfo, indices: TensorInfo, y: TensorInfo],
    rows: number,
    width: number,
    sizes: readonly number[],
  ): TensorInfo;
  /** A new tensor of the shape, of `rows` rows of `width` elements of x, of so many bytes each; the indices [rows, sizes.length] name them in dimensions of `sizes`. */
  gatherRows(
    backend: B,
    x: TensorInfo,
    indices: TensorInfo,
    shape: number[],
    rows: number,
    width: number,
    bytes: 1 | 4,
    sizes: readonly number[],
  ): TensorInfo;
}

/** Rows at places that several indices name together, int32 [..., depth], each below the size of its dimension: `ScatterNd`, `TensorScatterUpdate`, `GatherNd`. */
export function scatterKernels<B extends OutputBackend>(scattering: Scattering<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'ScatterNd',
      run: ({ inputs, attrs, backend }) => {
        const [indices, updates] = [inputs['indices'] as TensorInfo, inputs['updates'] as TensorInfo];
        const shape = attrs['shape'] as number[];
        if (updates.dtype !== 'float32' && updates.dtype !== 'int32') return undefined;
        if (!isCovered(indices) || util.sizeFromShape(shape) === 0) return undefined;
        const y = scattering.filled(backend, shape, updates.dtype, 0)!;
        return scattered(scattering, 'ScatterNd', backend, 'add', updates, indices, y);
      },
    },
    {
      name: 'TensorScatterUpdate',
      run: ({ inputs, backend }) => {
        const [x, indices, updates] = ['tensor', 'indices', 'updates'].map((name) => inputs[name] as TensorInfo) as [
          TensorInfo,
          TensorInfo,
          TensorInfo,
        ];
        if (elementBytes(x) !== 4 || updates.dtype !== x.dtype || !isCovered(indices)) return undefined;
        const count = util.sizeFromShape(x.shape);
        if (count === 0) return undefined;
        const y = backend.output(x.shape, x.dtype);
        scattering.stridedCopy(backend, x, y, [{ count, from: 1, to: 1 }]);
        return scattered(scattering, 'TensorScatterUpdate', backend, 'set', updates, indices, y);
      },
    },
    {
      name: 'GatherNd',
      run: ({ inputs, backend }) => {
        const [x, indices] = [inputs['params'] as TensorInfo, inputs['indices'] as TensorInfo];
        const bytes = elementBytes(x);
        if (bytes === undefined || !isCovered(indices) || util.sizeFromShape(x.shape) === 0) return undefined;
        const [shape, rows, width] = backend_util.prepareAndValidate(x as never, indices as never);
        const sizes = x.shape.slice(0, indices.shape.at(-1)!);
        return scattering.gatherRows(backend, x, indices, shape, rows, width, bytes, sizes);
      },
    },
  ];
}

const isCovered = (indices: TensorInfo): boolean =>
  indices.dtype === 'int32' && indices.shape.length > 0 && indices.shape.at(-1)! <= MOST_DIMENSIONS;

function scattered<B>(
  scattering: Scattering<B>,
  name: string,
  backend: B,
  kind: 'add' | 'set',
  updates: TensorInfo,
  indices: TensorInfo,
  y: TensorInfo,
): TensorInfo {
  const shapes = backend_util.calculateShapes(updates as never, indices as never, y.shape);
  const { sliceRank, numUpdates, sliceSize } = shapes;
  return scattering.scatter(
    backend,
    name,
    kind,
    [updates, indices, y],
    numUpdates,
    sliceSize,
    y.shape.slice(0, sliceRank),
  );
}
