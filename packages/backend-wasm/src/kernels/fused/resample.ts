import type { Kernel } from '../kernel.js';
import { input, isFloat } from './operands.js';

/**
 * `GradstreamResample`: input `x`, float32 [outer, from, inner]; output [outer, to, inner], whose rows are weighted sums of rows that lie side by side in x. Attributes `to`,
 * `taps` and `bands`: for each row of the result the first row of x, their number, and so many places as `taps` says, in which the bits of the weights are.
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
      const at = { x: backend.address(x), y: backend.address(y), bands: backend.scratch(bands.byteLength) };
      backend.runtime.write(at.bands, bands);
      backend.runtime.wasm.resample(at.x, at.y, outer, from, to, inner, at.bands, taps);
      return y;
    },
  },
];
