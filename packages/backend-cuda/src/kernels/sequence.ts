import { sequenceKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../cuda-backend.js';
import { gridFor, THREADS } from '../internal/grid.js';
import { kernelsIn } from '../internal/modules.js';
import type { Kernel } from './kernel.js';

const kernels = kernelsIn('convert', { range_float: 'pidd', range_int: 'pidd' });

/** Numbers at equal distances. */
export const sequenceKernels: readonly Kernel[] = kernelsOf<CudaBackend>((backend, count, dtype, start, step) => {
  const y = backend.output([count], dtype);
  const kernel = dtype === 'float32' ? kernels.range_float : kernels.range_int;
  if (count > 0) backend.runtime.launch(kernel, gridFor(count), THREADS, [backend.address(y), count, start, step]);
  return y;
});
