import type { Kernel } from '../kernel.js';
import { Reduction } from '../../internal/codes.js';
import { input, isFloats, numberIn, sizeOf } from './operands.js';

const f32 = Math.fround;

/**
 * `GradstreamRunningMean`: a sum over batches that loses nothing to rounding (Kahan), with the number of samples.
 *
 * Inputs `values`, float32 or bool, one a sample; the state `total` and `lack`, float32 scalars, and `count`, an int32 scalar. Outputs: the next state. In the
 * order of single float32 kernels: `term = sum(values) - lack`, `total' = total + term`, `lack' = (total' - total) - term`.
 */
export const runningMeanKernels: readonly Kernel[] = [
  {
    name: 'GradstreamRunningMean',
    run: (call) => {
      const [values, total, lack, count] = ['values', 'total', 'lack', 'count'].map((name) => input(call, name));
      if (values === undefined || total === undefined || lack === undefined || count?.dtype !== 'int32')
        return undefined;
      if (!isFloats(total, 1) || !isFloats(lack, 1) || sizeOf(count) !== 1) return undefined;
      if (values.dtype !== 'float32' && values.dtype !== 'bool') return undefined;
      const { backend } = call;
      const size = sizeOf(values);
      let sum = 0;
      if (values.dtype === 'bool') {
        const bytes = backend.data.get(values.dataId).values as Uint8Array;
        for (let index = 0; index < size; index++) sum += bytes[index]!;
      } else {
        const at = backend.scratch(4);
        backend.runtime.wasm.reduce(Reduction.Sum, backend.address(values), at, 1, size, 1);
        sum = new Float32Array(backend.runtime.memory.buffer as ArrayBuffer, at, 1)[0]!;
      }
      const old = numberIn(backend, total);
      const term = f32(f32(sum) - numberIn(backend, lack));
      const next = f32(old + term);
      const scalar = (value: number): Float32Array => new Float32Array([value]);
      return [
        backend.makeTensorInfo([], 'float32', scalar(next)),
        backend.makeTensorInfo([], 'float32', scalar(f32(f32(next - old) - term))),
        backend.makeTensorInfo([], 'int32', new Int32Array([numberIn(backend, count) + size])),
      ];
    },
  },
];
