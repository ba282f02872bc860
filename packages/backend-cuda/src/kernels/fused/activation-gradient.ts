import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';
import { threadsForRow } from '../softmax.js';
import { input, isFloat } from './operands.js';

const slopes = kernelsIn('unary', {
  slope_relu: 'pppi',
  slope_relu6: 'pppi',
  slope_sigmoid: 'pppi',
  slope_tanh: 'pppi',
  slope_elu: 'pppi',
});
const softmax = kernelsIn('softmax', { softmax_gradient: 'pppi' });

/** True for an activation whose gradient these kernels know. */
export function isSloped(activation: string): boolean {
  return activation === 'softmax' || Object.hasOwn(slopes, `slope_${activation}`);
}

/** Writes the gradient by what went into an activation, from the gradient by its result and that result, all at addresses. */
export function writeActivationGradient(
  { runtime }: CudaBackend,
  activation: string,
  [dy, y, dx]: readonly [Address, Address, Address],
  shape: readonly number[],
): void {
  const size = sizeOf({ shape });
  if (size === 0) return;
  const n = shape.at(-1)!;
  if (activation === 'softmax')
    runtime.launch(softmax.softmax_gradient, [size / n, 1, 1], threadsForRow(n), [dy, y, dx, n]);
  else runtime.launch(slopes[`slope_${activation}` as keyof typeof slopes], gridFor(size), THREADS, [dy, y, dx, size]);
}

/**
 * `GradstreamActivationGradient`: inputs `dy` and `y` of one shape; attribute `activation`; output `dy` times the activation's slope at its result `y`. For
 * `softmax`, along the last axis, it is `y (dy - sum(dy y))`.
 */
export const activationGradientKernels: readonly Kernel[] = [
  {
    name: 'GradstreamActivationGradient',
    run: (call) => {
      const [dy, y] = [input(call, 'dy'), input(call, 'y')];
      const activation = call.attrs['activation'] as string;
      if (!isFloat(dy) || !isFloat(y, dy.shape) || !isSloped(activation)) return undefined;
      if (activation === 'softmax' && dy.shape.length === 0) return undefined;
      const { backend } = call;
      const dx = backend.output(dy.shape, 'float32');
      writeActivationGradient(
        backend,
        activation,
        [backend.address(dy), backend.address(y), backend.address(dx)],
        dy.shape,
      );
      return dx;
    },
  },
];
