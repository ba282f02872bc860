import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel.js';
import { input, isFloat, isFloats, numberIn, sizeOf } from './operands.js';

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
      let sum = 0;
      for (const x of tensors) {
        const size = sizeOf(x);
        const at = backend.address(x);
        sum += backend.runtime.wasm.sumOfSquares(at, size, backend.scratch(8 * Math.ceil(size / 16_384)));
      }
      const scale = before === undefined ? 1 : numberIn(backend, before);
      const norm = Math.fround(Math.sqrt(sum) * Math.abs(scale));
      const bound = limit === undefined ? undefined : Math.fround(limit);
      // norm - norm is 0 for a finite norm and NaN otherwise.
      const clipped =
        bound === undefined ? scale : Math.fround(Math.fround(bound / Math.max(norm, bound)) + (norm - norm)) * scale;
      return [norm, clipped].map((value) => backend.makeTensorInfo([], 'float32', new Float32Array([value])));
    },
  },
];
