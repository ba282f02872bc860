import { resampleKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { writeConstant } from '../../internal/upload.js';
import type { Kernel } from '../kernel.js';

const kernels = kernelsIn('resample', { resample: 'pppiiiii' });

/** A dimension times a banded matrix. */
export const resampleKernels: readonly Kernel[] = kernelsOf<CudaBackend>((backend, x, y, bands, sizes, taps) => {
  const size = sizeOf(y);
  if (size === 0) return;
  const [, from, to, inner] = sizes;
  const [source, target] = [backend.address(x), backend.address(y)];
  backend.runtime.withScratch(bands.byteLength, (at) => {
    writeConstant(backend.runtime, bands, at);
    const values = [source, at, target, size, from, to, inner, taps];
    backend.runtime.launch(kernels.resample, gridFor(size), THREADS, values);
  });
});
