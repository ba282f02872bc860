import { backend_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { describeShape } from '@gradstream/core';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
import { elementBytes } from '@gradstream/backend-kernels';
import { sizeOf } from '../../internal/elements.js';
import { outOfRange } from '../../internal/faults.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { scatterRows } from './scatter-rows.js';

const kernels = kernelsIn('movement', { flat_places: 'ppisp', gather_rows: 'pppiiiiip' });
const MOST_DIMENSIONS = 6;

/** Rows at places that several indices name together: int32 [..., depth], each below the size of its dimension. */
export const scatterKernels: readonly Kernel[] = [
  {
    name: 'ScatterNd',
    run: ({ inputs, attrs, backend }) => {
      const [indices, updates] = [inputs['indices'] as TensorInfo, inputs['updates'] as TensorInfo];
      const shape = attrs['shape'] as number[];
      if (updates.dtype !== 'float32' && updates.dtype !== 'int32') return undefined;
      if (!isCovered(indices) || util.sizeFromShape(shape) === 0) return undefined;
      const y = filled(backend, shape, updates.dtype, 0)!;
      return scattered('ScatterNd', backend, 'add', updates, indices, y);
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
      if (elementBytes(x) !== 4 || updates.dtype !== x.dtype || !isCovered(indices) || sizeOf(x) === 0)
        return undefined;
      const y = backend.output(x.shape, x.dtype);
      backend.runtime.copy(backend.address(x), backend.address(y), sizeOf(x) * 4);
      return scattered('TensorScatterUpdate', backend, 'set', updates, indices, y);
    },
  },
  {
    name: 'GatherNd',
    run: ({ inputs, backend }) => {
      const [x, indices] = [inputs['params'] as TensorInfo, inputs['indices'] as TensorInfo];
      const bytes = elementBytes(x);
      if (bytes === undefined || !isCovered(indices) || sizeOf(x) === 0) return undefined;
      const [shape, rows, n] = backend_util.prepareAndValidate(x as never, indices as never);
      const depth = indices.shape.at(-1)!;
      const sizes = x.shape.slice(0, depth);
      refuseKnown('GatherNd', backend, indices, sizes);
      const y = backend.output(shape, x.dtype);
      const threads = (n * bytes) % 4 === 0 ? (rows * n * bytes) / 4 : rows * n;
      if (threads === 0) return y;
      withPlaces('GatherNd', backend, indices, rows, sizes, (places) => {
        const fault = backend.faults.word('GatherNd');
        const values = [
          backend.address(x),
          places,
          backend.address(y),
          threads,
          1,
          util.sizeFromShape(sizes),
          rows,
          n * bytes,
          fault,
        ];
        backend.runtime.launch(kernels.gather_rows, gridFor(threads), THREADS, values);
      });
      return y;
    },
  },
];

const isCovered = (indices: TensorInfo): boolean =>
  indices.dtype === 'int32' && indices.shape.length > 0 && indices.shape.at(-1)! <= MOST_DIMENSIONS;

function scattered(
  name: string,
  backend: CudaBackend,
  kind: 'add' | 'set',
  updates: TensorInfo,
  indices: TensorInfo,
  y: TensorInfo,
): TensorInfo {
  const { sliceRank, numUpdates, sliceSize } = backend_util.calculateShapes(
    updates as never,
    indices as never,
    y.shape,
  );
  const sizes = y.shape.slice(0, sliceRank);
  try {
    refuseKnown(name, backend, indices, sizes);
  } catch (error) {
    backend.disposeIntermediateTensorInfo(y);
    throw error;
  }
  if (numUpdates * sliceSize === 0) return y;
  withPlaces(name, backend, indices, numUpdates, sizes, (places) =>
    scatterRows(backend, kind, updates, places, y, [numUpdates, sliceSize, util.sizeFromShape(sizes)]),
  );
  return y;
}

/** Runs work with the flat place of each row of indices. */
function withPlaces(
  name: string,
  backend: CudaBackend,
  indices: TensorInfo,
  rows: number,
  sizes: readonly number[],
  work: (places: Address) => void,
): void {
  const words = new Int32Array(1 + MOST_DIMENSIONS);
  words[0] = sizes.length;
  words.set(sizes, 1);
  backend.runtime.withScratch(Math.max(4, rows * 4), (places) => {
    const fault = backend.faults.word(name);
    backend.runtime.launch(kernels.flat_places, gridFor(rows), THREADS, [
      backend.address(indices),
      places,
      rows,
      words,
      fault,
    ]);
    work(places);
  });
}

/** Throws where the host knows the indices and one of them is out of range. */
function refuseKnown(name: string, backend: CudaBackend, indices: TensorInfo, sizes: readonly number[]): void {
  const depth = sizes.length;
  const known = backend.known(indices);
  const wrong = known?.findIndex((index, at) => index < 0 || index >= sizes[at % depth]!) ?? -1;
  if (wrong < 0) return;
  const row = Math.floor(wrong / depth);
  const values = Array.from(known!.slice(row * depth, (row + 1) * depth));
  throw outOfRange(
    name,
    `[${values}] in row ${row} of indices ${describeShape(indices.shape)}, for sizes ${describeShape(sizes)}`,
  );
}
