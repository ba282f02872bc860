import { elementBytes } from '@gradstream/backend-kernels';
import { GradstreamError, describeShape } from '@gradstream/core';
import { backend_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { stridedCopy } from './strided-copy.js';

// What a row does to its place; see assembly/movement/scatter.ts.
const ADD = 0;
const ADD_WHOLE = 1;
const SET = 2;

/** Where in the first page of the memory the sizes of the indexed dimensions lie. */
const SIZES = 1024;
const MOST_DIMENSIONS = 6;

/** Rows at places that several indices name together: int32 [..., depth], each below the size of its dimension. */
export const scatterKernels: readonly Kernel[] = [
  {
    name: 'ScatterNd',
    run: ({ inputs, attrs, backend }) => {
      const [indices, updates] = [inputs['indices'] as TensorInfo, inputs['updates'] as TensorInfo];
      const shape = attrs['shape'] as number[];
      if (updates.dtype !== 'float32' && updates.dtype !== 'int32') return undefined;
      const kind = updates.dtype === 'int32' ? ADD_WHOLE : ADD;
      if (!isCovered(indices) || util.sizeFromShape(shape) === 0) return undefined;
      const y = filled(backend, shape, updates.dtype, 0)!;
      return scattered('ScatterNd', backend, kind, updates, indices, y);
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
      if (util.sizeFromShape(x.shape) === 0) return undefined;
      const y = backend.output(x.shape, x.dtype);
      stridedCopy(backend, x, y, [{ count: util.sizeFromShape(x.shape), from: 1, to: 1 }]);
      return scattered('TensorScatterUpdate', backend, SET, updates, indices, y);
    },
  },
  {
    name: 'GatherNd',
    run: ({ inputs, backend }) => {
      const [x, indices] = [inputs['params'] as TensorInfo, inputs['indices'] as TensorInfo];
      const bytes = elementBytes(x);
      if (bytes === undefined || !isCovered(indices) || util.sizeFromShape(x.shape) === 0) return undefined;
      const [shape, rows, n] = backend_util.prepareAndValidate(x as never, indices as never);
      const y = backend.output(shape, x.dtype);
      const at = [x, indices, y].map((tensor) => backend.address(tensor)) as [number, number, number];
      const depth = writeSizes(backend, indices.shape.at(-1)!, x.shape);
      const wrong = backend.runtime.wasm.gatherRows(...at, rows, SIZES, depth, n * bytes);
      return checked('GatherNd', backend, wrong, indices, x.shape.slice(0, depth), y);
    },
  },
];

const isCovered = (indices: TensorInfo): boolean =>
  indices.dtype === 'int32' && indices.shape.length > 0 && indices.shape.at(-1)! <= MOST_DIMENSIONS;

/** Writes the sizes of the dimensions that a row of indices names, and gives back how many these are. */
function writeSizes(backend: WasmSimdBackend, depth: number, shape: readonly number[]): number {
  backend.runtime.write(SIZES, shape.slice(0, depth));
  return depth;
}

function scattered(
  name: string,
  backend: WasmSimdBackend,
  kind: number,
  updates: TensorInfo,
  indices: TensorInfo,
  y: TensorInfo,
): TensorInfo {
  const { sliceRank, numUpdates, sliceSize } = backend_util.calculateShapes(
    updates as never,
    indices as never,
    y.shape,
  );
  const at = [updates, indices, y].map((tensor) => backend.address(tensor)) as [number, number, number];
  const depth = writeSizes(backend, sliceRank, y.shape);
  const wrong = backend.runtime.wasm.scatter(kind, ...at, numUpdates, SIZES, depth, sliceSize);
  return checked(name, backend, wrong, indices, y.shape.slice(0, depth), y);
}

/** y, or an error that names the row of indices which is out of range. */
function checked(
  name: string,
  backend: WasmSimdBackend,
  wrong: number,
  indices: TensorInfo,
  sizes: readonly number[],
  y: TensorInfo,
): TensorInfo {
  if (wrong < 0) return y;
  const depth = sizes.length;
  const row = Array.from(backend.readSync(indices.dataId) as Int32Array).slice(wrong * depth, (wrong + 1) * depth);
  backend.disposeIntermediateTensorInfo(y);
  throw new GradstreamError('GS_BACKEND_KERNEL', {
    where: `backend-wasm/${name}`,
    what: 'An index is out of range',
    expected: `indices of 0 or more, each below its size in ${describeShape(sizes)}`,
    received: `[${row}] in row ${wrong} of indices ${describeShape(indices.shape)}`,
    next: 'Check the indices against the shape.',
  });
}
