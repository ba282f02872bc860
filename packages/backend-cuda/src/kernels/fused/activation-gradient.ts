import { activationGradientKernels as kernelsOf, type SlopedActivation } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { halfOf, storeAs } from '../../internal/half.js';
import { kernelsIn } from '../../internal/modules.js';
import { writeHalf } from '../elementwise/half.js';
import type { Kernel } from '../kernel.js';
import { threadsForRow } from '../softmax.js';

const slopes = kernelsIn('unary', {
  slope_relu: 'pppi',
  slope_relu6: 'pppi',
  slope_sigmoid: 'pppi',
  slope_tanh: 'pppi',
  slope_elu: 'pppi',
});
const softmax = kernelsIn('softmax', { softmax_gradient: 'pppi' });

/** Writes the gradient by what went into an activation, from the gradient by its result and that result, all at addresses. */
export function writeActivationGradient(
  { runtime }: CudaBackend,
  activation: SlopedActivation | 'softmax',
  [dy, y, dx]: readonly [Address, Address, Address],
  shape: readonly number[],
): void {
  const size = sizeOf({ shape });
  if (size === 0) return;
  const n = shape.at(-1)!;
  if (activation === 'softmax')
    runtime.launch(softmax.softmax_gradient, [size / n, 1, 1], threadsForRow(n), [dy, y, dx, n]);
  else runtime.launch(slopes[`slope_${activation}`], gridFor(size), THREADS, [dy, y, dx, size]);
}

/** The slope of an activation by its result. */
export const activationGradientKernels: readonly Kernel[] = kernelsOf<CudaBackend>((backend, activation, dy, y, dx) => {
  const half = halfOf(backend, y);
  if (half !== undefined && activation === 'relu') {
    storeAs(backend, dx, half);
    writeHalf(backend, 'slope_relu', half, [dy, y], dx);
    return;
  }
  const at = [backend.address(dy), backend.address(y), backend.address(dx)] as const;
  writeActivationGradient(backend, activation, at, dy.shape);
});
