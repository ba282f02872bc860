import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall, OutputBackend } from '../kernel.js';
import { input, isFloat, isFloats } from './operands.js';

/** What a backend does itself for what is asked about many numbers at once. Sums are float64. */
export interface Statistics<B> {
  statistics(backend: B, x: TensorInfo): TensorInfo;
  /** Writes the norm and the factor. */
  globalNorm(
    backend: B,
    tensors: readonly TensorInfo[],
    before: TensorInfo | undefined,
    limit: number | undefined,
    outputs: readonly [norm: TensorInfo, factor: TensorInfo],
  ): void;
  /** Writes the next state. */
  runningMean(
    backend: B,
    values: TensorInfo,
    state: readonly [total: TensorInfo, lack: TensorInfo, count: TensorInfo],
    outputs: readonly [total: TensorInfo, lack: TensorInfo, count: TensorInfo],
  ): void;
}

/**
 * What is asked about many numbers at once.
 *
 * `GradstreamStatistics`: input `x`, float32; output float32 [7]: number of elements, Euclidean norm, mean, standard deviation, minimum, maximum, fraction of
 * zeros. The norm of numbers whose squares are beyond float32 is right, and that of an infinity is infinity.
 *
 * `GradstreamGlobalNorm`: inputs `x0`, `x1`, ... float32 and perhaps `before`, a scalar that all of them are to be multiplied with; attribute `limit`, or none.
 * Outputs, both float32 scalars: the Euclidean norm of all elements together, and the factor that clips it, `before * limit / max(norm, limit)`: NaN where
 * the norm is not finite, and `before` or 1 without a limit. An optimizer's kernel takes the factor as its `before`.
 *
 * `GradstreamRunningMean`: a sum over batches that loses nothing to rounding (Kahan), with the number of samples. Inputs `values`, float32 or bool, one a sample; the
 * state `total` and `lack`, float32 scalars, and `count`, an int32 scalar. Outputs: the next state. In the order of single float32 kernels:
 * `term = sum(values) - lack`, `total' = total + term`, `lack' = (total' - total) - term`.
 */
export function statisticsKernels<B extends OutputBackend>(own: Statistics<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'GradstreamStatistics',
      run: (call) => {
        const x = input(call, 'x');
        return isFloat(x) ? own.statistics(call.backend, x) : undefined;
      },
    },
    {
      name: 'GradstreamGlobalNorm',
      run: (call) => {
        const before = input(call, 'before');
        const tensors = isFloats(before, 1) ? numbered(call) : undefined;
        if (tensors === undefined) return undefined;
        const { backend } = call;
        const outputs: [TensorInfo, TensorInfo] = [backend.output([], 'float32'), backend.output([], 'float32')];
        own.globalNorm(backend, tensors, before, call.attrs['limit'] as number | undefined, outputs);
        return outputs;
      },
    },
    {
      name: 'GradstreamRunningMean',
      run: (call) => {
        const [values, total, lack, count] = ['values', 'total', 'lack', 'count'].map((name) => input(call, name));
        if (values === undefined || total === undefined || lack === undefined || count?.dtype !== 'int32')
          return undefined;
        if (!isFloats(total, 1) || !isFloats(lack, 1) || util.sizeFromShape(count.shape) !== 1) return undefined;
        if (values.dtype !== 'float32' && values.dtype !== 'bool') return undefined;
        const made = (dtype: 'float32' | 'int32'): TensorInfo => call.backend.output([], dtype);
        const outputs: [TensorInfo, TensorInfo, TensorInfo] = [made('float32'), made('float32'), made('int32')];
        own.runningMean(call.backend, values, [total, lack, count], outputs);
        return outputs;
      },
    },
  ];
}

/** The inputs `x0`, `x1`, ...; undefined where one is not float32. */
function numbered(call: KernelCall<unknown>): TensorInfo[] | undefined {
  const tensors: TensorInfo[] = [];
  for (let index = 0; ; index++) {
    const x = input(call, `x${index}`);
    if (x === undefined) return tensors;
    if (!isFloat(x)) return undefined;
    tensors.push(x);
  }
}
