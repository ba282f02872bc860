import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { input, isFloat } from './operands.js';

/** Writes y [outer, to, inner]: rows of x [outer, from, inner] weighted by bands. */
export type Resample<B> = (
  backend: B,
  x: TensorInfo,
  y: TensorInfo,
  bands: Int32Array,
  sizes: readonly [outer: number, from: number, to: number, inner: number],
  taps: number,
) => void;

/**
 * `GradstreamResample`: input `x`, float32 [outer, from, inner]; output [outer, to, inner], whose rows are weighted sums of rows that lie side by side in x. Attributes `to`,
 * `taps` and `bands`: for each row of the result the first row of x, their number, and so many places as `taps` says, in which the bits of the weights are.
 */
export function resampleKernels<B extends OutputBackend>(resample: Resample<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'GradstreamResample',
      run: (call) => {
        const { attrs, backend } = call;
        const x = input(call, 'x');
        const [to, taps, bands] = [attrs['to'] as number, attrs['taps'] as number, attrs['bands'] as Int32Array];
        if (!isFloat(x) || x.shape.length !== 3 || bands.length !== to * (taps + 2)) return undefined;
        const [outer, from, inner] = x.shape as [number, number, number];
        const y = backend.output([outer, to, inner], 'float32');
        resample(backend, x, y, bands, [outer, from, to, inner], taps);
        return y;
      },
    },
  ];
}
