import { scatterKernels as kernelsOf } from '@gradstream/backend-kernels';
import { describeShape } from '@gradstream/core';
import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
import { sizeOf } from '../../internal/elements.js';
import { outOfRange } from '../../internal/faults.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';
import { moves } from './movement.js';
import { scatterRows } from './scatter-rows.js';

const kernels = kernelsIn('movement', { flat_places: 'ppisp', gather_rows: 'pppiiiiip' });
const MOST_DIMENSIONS = 6;

/** Rows at places that several indices name together: int32 [..., depth], each below the size of its dimension. */
export const scatterKernels: readonly Kernel[] = kernelsOf<CudaBackend>({
  ...moves,
  scatter(backend, name, kind, [updates, indices, y], rows, width, sizes) {
    try {
      sizeOf(y);
      refuseKnown(name, backend, indices, sizes);
    } catch (error) {
      backend.disposeIntermediateTensorInfo(y);
      throw error;
    }
    if (rows * width === 0) return y;
    withPlaces(name, backend, indices, rows, sizes, (places) =>
      scatterRows(backend, kind, updates, places, y, [rows, width, util.sizeFromShape(sizes as number[])]),
    );
    return y;
  },
  gatherRows(backend, x, indices, shape, rows, width, bytes, sizes) {
    sizeOf(x);
    refuseKnown('GatherNd', backend, indices, sizes);
    const y = backend.output(shape, x.dtype);
    const row = width * bytes;
    const threads = row % 4 === 0 ? (rows * row) / 4 : rows * width;
    if (threads === 0) return y;
    withPlaces('GatherNd', backend, indices, rows, sizes, (places) => {
      const fault = backend.faults.word('GatherNd');
      const at = [backend.address(x), places, backend.address(y)];
      const values = [...at, threads, 1, util.sizeFromShape(sizes as number[]), rows, row, fault];
      backend.runtime.launch(kernels.gather_rows, gridFor(threads), THREADS, values);
    });
    return y;
  },
});

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
