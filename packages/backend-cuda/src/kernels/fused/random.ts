import { randomKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';

const kernels = kernelsIn('random', {
  random_uniform: 'pipiidd',
  random_normal: 'pipiiff',
  random_dropout: 'ppipiiif',
});

/** Random numbers that are a function of key, counter and place. The counter is read on the device. Normal ones are `normalValues` within some units of the last place. */
export const randomKernels: readonly Kernel[] = kernelsOf<CudaBackend>(
  (backend, kind, { counter, x, y }, key, a, b) => {
    const size = sizeOf(y);
    const from = x === undefined ? [] : [backend.address(x)];
    const values = [...from, backend.address(y), size, backend.address(counter), ...key, a, b];
    if (size > 0) backend.runtime.launch(kernels[`random_${kind}`], gridFor(size, 4), THREADS, values);
  },
);
