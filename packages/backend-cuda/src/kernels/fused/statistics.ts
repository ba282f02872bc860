import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addressWords } from '../../driver/kernel-arguments.js';
import { sizeOf } from '../../internal/elements.js';
import { blocks, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { reduce } from '../reduction/reduce.js';
import { addressOr0, input, isFloat, isFloats } from './operands.js';

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
export const statisticsKernels: readonly Kernel[] = [
  {
    /**
     * `GradstreamStatistics`: input `x`, float32; output float32 [7]: number of elements, Euclidean norm, mean, standard deviation, minimum, maximum, fraction of
     * zeros. The norm of numbers whose squares are beyond float32 is right, and that of an infinity is infinity.
     */
    name: 'GradstreamStatistics',
    run: (call) => {
      const x = input(call, 'x');
      if (!isFloat(x)) return undefined;
      const { backend } = call;
      const size = sizeOf(x);
      if (size === 0)
        return backend.makeTensorInfo([7], 'float32', Float32Array.from([0, NaN, NaN, NaN, NaN, NaN, NaN]));
      const out = backend.output([7], 'float32');
      const [from, to, parts] = [backend.address(x), backend.address(out), blocks(size, CHUNK)];
      backend.runtime.withScratch(parts * PART, (at) => {
        backend.runtime.launch(kernels.statistics_parts, [parts, 1, 1], THREADS, [from, size, at]);
        backend.runtime.launch(kernels.statistics_join, ONE_BLOCK, [32, 1, 1], [from, size, at, parts, to]);
      });
      return out;
    },
  },
  {
    /**
     * `GradstreamGlobalNorm`: inputs `x0`, `x1`, ... float32 and perhaps `before`, a scalar that all of them are to be multiplied with; attribute `limit`, or none.
     * Outputs, both float32 scalars: the Euclidean norm of all elements together, and the factor that clips it, `before * limit / max(norm, limit)`: NaN where
     * the norm is not finite, and `before` or 1 without a limit.
     */
    name: 'GradstreamGlobalNorm',
    run: (call) => {
      const limit = call.attrs['limit'] as number | undefined;
      if (!isFloats(input(call, 'before'), 1)) return undefined;
      const tensors = numbered(call);
      if (tensors === undefined) return undefined;
      const { backend } = call;
      const outputs = [backend.output([], 'float32'), backend.output([], 'float32')];
      const to = outputs.map((x) => backend.address(x));
      const count = tensors.reduce((sum, x) => sum + blocks(sizeOf(x), CHUNK), 0);
      backend.runtime.withScratch(Math.max(8, count * 8), (parts) => {
        sumSquares(call, tensors, parts);
        const values = [parts, count, addressOr0(call, 'before'), limit ?? -1, ...to];
        backend.runtime.launch(kernels.clip_factor, ONE_BLOCK, THREADS, values);
      });
      return outputs;
    },
  },
  {
    /**
     * `GradstreamRunningMean`: a sum over batches that loses nothing to rounding (Kahan), with the number of samples.
     *
     * Inputs `values`, float32 or bool, one a sample; the state `total` and `lack`, float32 scalars, and `count`, an int32 scalar. Outputs: the next state. In the
     * order of single float32 kernels: `term = sum(values) - lack`, `total' = total + term`, `lack' = (total' - total) - term`.
     */
    name: 'GradstreamRunningMean',
    run: (call) => {
      const [values, total, lack, count] = ['values', 'total', 'lack', 'count'].map((name) => input(call, name));
      if (values === undefined || total === undefined || lack === undefined || count?.dtype !== 'int32')
        return undefined;
      if (!isFloats(total, 1) || !isFloats(lack, 1) || sizeOf(count) !== 1) return undefined;
      if (values.dtype !== 'float32' && values.dtype !== 'bool') return undefined;
      const { backend } = call;
      const outputs = [backend.output([], 'float32'), backend.output([], 'float32'), backend.output([], 'int32')];
      const [size, from] = [sizeOf(values), backend.address(values)];
      backend.runtime.withScratch(4, (sum) => {
        if (values.dtype === 'bool') backend.runtime.launch(kernels.count_true, ONE_BLOCK, THREADS, [from, size, sum]);
        else reduce(backend, 'float_Sum', from, sum, [1, size, 1]);
        const at = [
          sum,
          ...[total, lack, count].map((x) => backend.address(x)),
          size,
          ...outputs.map((x) => backend.address(x)),
        ];
        backend.runtime.launch(kernels.running_mean, ONE_BLOCK, [32, 1, 1], at);
      });
      return outputs;
    },
  },
];

/** The inputs `x0`, `x1`, ...; undefined where one is not float32. */
function numbered(call: KernelCall): TensorInfo[] | undefined {
  const tensors: TensorInfo[] = [];
  for (let index = 0; ; index++) {
    const x = input(call, `x${index}`);
    if (x === undefined) return tensors;
    if (!isFloat(x)) return undefined;
    tensors.push(x);
  }
}

function sumSquares({ backend }: KernelCall, tensors: readonly TensorInfo[], parts: number): void {
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
