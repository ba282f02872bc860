import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel.js';
import { input, isFloat, isFloats, placeOf, sizeOf } from './operands.js';

/**
 * `GradstreamGlobalNorm`: inputs `x0`, `x1`, ... float32 and perhaps `before`, a scalar that all of them are to be multiplied with; attribute `limit`, or none.
 * Outputs, both float32 scalars: the Euclidean norm of all elements together, and the factor that clips it, `before * limit / max(norm, limit)`: NaN where
 * the norm is not finite, and `before` or 1 without a limit. One pass over memory, sums in float64; an optimizer's kernel takes the factor as its `before`.
 */
export const globalNormKernels: readonly Kernel[] = [
  {
    name: 'GradstreamGlobalNorm',
    run: (call) => {
      const before = input(call, 'before');
      const limit = call.attrs['limit'] as number | undefined;
      if (!isFloats(before, 1)) return undefined;
      const tensors: TensorInfo[] = [];
      for (let index = 0; ; index++) {
        const x = input(call, `x${index}`);
        if (x === undefined) break;
        if (!isFloat(x)) return undefined;
        tensors.push(x);
      }
      const { backend } = call;
      const { runtime } = backend;
      const parts = tensors.map((x) => ({ at: backend.address(x), size: sizeOf(x) }));
      const scratch = backend.scratch(8 * Math.ceil(Math.max(0, ...parts.map(({ size }) => size)) / 16_384));
      const scaleAt = before === undefined ? undefined : placeOf(backend, before);
      const results = [backend.output([], 'float32'), backend.output([], 'float32')];
      const [normAt, clippedAt] = results.map((x) => placeOf(backend, x)) as [number, number];
      const bound = limit === undefined ? undefined : Math.fround(limit);
      runtime.aside(() => {
        let sum = 0;
        for (const { at, size } of parts) sum += runtime.wasm.sumOfSquares(at, size, scratch);
        const scale = scaleAt === undefined ? 1 : runtime.floats[scaleAt]!;
        const norm = Math.fround(Math.sqrt(sum) * Math.abs(scale));
        runtime.floats[normAt] = norm;
        // norm - norm is 0 for a finite norm and NaN otherwise.
        runtime.floats[clippedAt] =
          bound === undefined ? scale : Math.fround(Math.fround(bound / Math.max(norm, bound)) + (norm - norm)) * scale;
      });
      return results;
    },
  },
];
