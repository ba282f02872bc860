import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { writeConstant } from '../../internal/upload.js';
import type { Kernel } from '../kernel.js';
import { input, isFloat } from './operands.js';

const kernels = kernelsIn('resample', { resample: 'pppiiiii' });

/**
 * `GradstreamResample`: input `x`, float32 [outer, from, inner]; output [outer, to, inner], whose rows are weighted sums of rows that lie side by side in x. Attributes
 * `to`, `taps` and `bands`: for each row of the result the first row of x, their number, and so many places as `taps` says, in which the bits of the weights are.
 */
export const resampleKernels: readonly Kernel[] = [
  {
    name: 'GradstreamResample',
    run: (call) => {
      const { attrs, backend } = call;
      const x = input(call, 'x');
      const [to, taps, bands] = [attrs['to'] as number, attrs['taps'] as number, attrs['bands'] as Int32Array];
      if (!isFloat(x) || x.shape.length !== 3 || bands.length !== to * (taps + 2)) return undefined;
      const [outer, from, inner] = x.shape as [number, number, number];
      const y = backend.output([outer, to, inner], 'float32');
      const size = sizeOf(y);
      if (size === 0) return y;
      const [source, target] = [backend.address(x), backend.address(y)];
      backend.runtime.withScratch(bands.byteLength, (at) => {
        writeConstant(backend.runtime, bands, at);
        backend.runtime.launch(kernels.resample, gridFor(size), THREADS, [
          source,
          at,
          target,
          size,
          from,
          to,
          inner,
          taps,
        ]);
      });
      return y;
    },
  },
];
