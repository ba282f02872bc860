import { conv3dKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';
import { movementKernels, moves } from '../movement/movement.js';
import { conv2dKernels } from './conv2d.js';

const kernels = kernelsIn('recurrent', { add_rows: 'pppii' });

/** Convolutions in three dimensions with their gradients. */
export const conv3dKernels: readonly Kernel[] = kernelsOf<CudaBackend>(
  'backend-cuda',
  [...conv2dKernels, ...movementKernels],
  {
    ...moves,
    addTo(backend, x, xOffset, y, yOffset, count) {
      const [from, to] = [backend.address(x) + xOffset * 4, backend.address(y) + yOffset * 4];
      if (count > 0) backend.runtime.launch(kernels.add_rows, gridFor(count), THREADS, [to, from, to, count, 1]);
    },
  },
);
