import type { Kernel } from '../kernel.js';
import { Reduction } from '../../internal/codes.js';
import { input, isFloats, placeOf, sizeOf } from './operands.js';

const f32 = Math.fround;
type Places = [number, number, number];

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
      const { runtime } = backend;
      const size = sizeOf(values);
      const [from, scratch] = [backend.address(values), backend.scratch(4)];
      const results = (['float32', 'float32', 'int32'] as const).map((dtype) => backend.output([], dtype));
      const [oldTotal, oldLack, oldCount] = [total, lack, count].map((x) => placeOf(backend, x)) as Places;
      const [newTotal, newLack, newCount] = results.map((x) => placeOf(backend, x)) as Places;
      runtime.aside(() => {
        let sum = 0;
        if (values.dtype === 'bool') {
          const bytes = new Uint8Array(runtime.memory.buffer, from, size);
          for (let index = 0; index < size; index++) sum += bytes[index]!;
        } else {
          runtime.wasm.reduce(Reduction.Sum, from, scratch, 1, size, 1);
          sum = runtime.floats[scratch >>> 2]!;
        }
        const { floats, words } = runtime;
        const old = floats[oldTotal]!;
        const term = f32(f32(sum) - floats[oldLack]!);
        const next = f32(old + term);
        floats[newTotal] = next;
        floats[newLack] = f32(f32(next - old) - term);
        words[newCount] = words[oldCount]! + size;
      });
      return results;
    },
  },
];
