import { statisticsKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addressWords } from '../../driver/kernel-arguments.js';
import { sizeOf } from '../../internal/elements.js';
import { blocks, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Kernel } from '../kernel.js';
import { reduce } from '../reduction/reduce.js';

const kernels = kernelsIn('statistics', {
  sums_of_squares: 'isp',
  clip_factor: 'pipfpp',
  statistics_parts: 'pip',
  statistics_join: 'pipip',
  running_mean: 'ppppippp',
  count_true: 'pip',
});
const ONE_BLOCK = [1, 1, 1] as const;

/** Elements a block sums, and tensors that one launch takes; see kernels/statistics.cu. */
const CHUNK = 16_384;
const TENSORS = 128;
/** Bytes that a block of `statistics_parts` leaves. */
const PART = 40;

/** What is asked about many numbers at once, with sums in float64. */
export const statisticsKernels: readonly Kernel[] = kernelsOf<CudaBackend>({
  statistics(backend, x) {
    const size = sizeOf(x);
    if (size === 0) return backend.makeTensorInfo([7], 'float32', Float32Array.from([0, NaN, NaN, NaN, NaN, NaN, NaN]));
    const out = backend.output([7], 'float32');
    const [from, to, parts] = [backend.address(x), backend.address(out), blocks(size, CHUNK)];
    backend.runtime.withScratch(parts * PART, (at) => {
      backend.runtime.launch(kernels.statistics_parts, [parts, 1, 1], THREADS, [from, size, at]);
      backend.runtime.launch(kernels.statistics_join, ONE_BLOCK, [32, 1, 1], [from, size, at, parts, to]);
    });
    return out;
  },
  globalNorm(backend, tensors, before, limit, outputs) {
    const to = outputs.map((x) => backend.address(x));
    const count = tensors.reduce((sum, x) => sum + blocks(sizeOf(x), CHUNK), 0);
    backend.runtime.withScratch(Math.max(8, count * 8), (parts) => {
      sumSquares(backend, tensors, parts);
      const values = [parts, count, before === undefined ? 0 : backend.address(before), limit ?? -1, ...to];
      backend.runtime.launch(kernels.clip_factor, ONE_BLOCK, THREADS, values);
    });
  },
  runningMean(backend, values, state, outputs) {
    const [size, from] = [sizeOf(values), backend.address(values)];
    backend.runtime.withScratch(4, (sum) => {
      if (values.dtype === 'bool') backend.runtime.launch(kernels.count_true, ONE_BLOCK, THREADS, [from, size, sum]);
      else reduce(backend, 'float_Sum', from, sum, [1, size, 1]);
      const at = [...state.map((x) => backend.address(x)), size, ...outputs.map((x) => backend.address(x))];
      backend.runtime.launch(kernels.running_mean, ONE_BLOCK, [32, 1, 1], [sum, ...at]);
    });
  },
});

function sumSquares(backend: CudaBackend, tensors: readonly TensorInfo[], parts: number): void {
  let to = parts;
  for (let first = 0; first < tensors.length; first += TENSORS) {
    const some = tensors.slice(first, first + TENSORS);
    const words = new Int32Array(4 * TENSORS);
    let block = 0;
    for (const [index, x] of some.entries()) {
      words.set(addressWords(backend.address(x)), 2 * index);
      words[2 * TENSORS + index] = sizeOf(x);
      words[3 * TENSORS + index] = block;
      block += blocks(sizeOf(x), CHUNK);
    }
    backend.runtime.launch(kernels.sums_of_squares, [block, 1, 1], THREADS, [some.length, words, to]);
    to += block * 8;
  }
}
