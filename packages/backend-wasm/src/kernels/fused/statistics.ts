import type { Kernel } from '../kernel.js';
import { input, isFloat, sizeOf } from './operands.js';

/**
 * `GradstreamStatistics`: input `x`, float32; output float32 [7]: number of elements, Euclidean norm, mean, standard deviation, minimum, maximum, fraction of
 * zeros. One pass, sums in float64: the norm of numbers whose squares are beyond float32 is right, and that of an infinity is infinity.
 */
export const statisticsKernels: readonly Kernel[] = [
  {
    name: 'GradstreamStatistics',
    run: (call) => {
      const x = input(call, 'x');
      if (!isFloat(x)) return undefined;
      const { backend } = call;
      const out = backend.output([7], 'float32');
      const size = sizeOf(x);
      const at = [backend.address(x), size, backend.address(out)] as const;
      backend.runtime.wasm.statistics(...at, backend.scratch(48 * Math.max(1, Math.ceil(size / 16_384))));
      return out;
    },
  },
];
