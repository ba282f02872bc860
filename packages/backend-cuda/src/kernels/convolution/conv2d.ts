import { conv2dKernels as kernelsOf, isPointwise } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import { filled } from '../elementwise/convert.js';
import { multiply } from '../gemm.js';
import type { Kernel } from '../kernel.js';
import { finishOf, NO_FINISH, type Finish } from './finish.js';
import { outPixels, placesOf, runConvolution } from './geometry.js';

/** Convolutions in two dimensions with their gradients. */
export const conv2dKernels: readonly Kernel[] = kernelsOf<CudaBackend, Finish>('backend-cuda', {
  filled,
  noFinish: NO_FINISH,
  finishOf,
  forward(backend, info, x, filter, y, finish) {
    const at = placesOf(backend, x, filter, y);
    if (!isPointwise(info)) return runConvolution(backend, 'conv', info, at, finish);
    const [a, b, c] = at;
    const sizes = [outPixels(info), info.outChannels, info.inChannels] as const;
    multiply(backend, { a, b, c }, sizes, false, false, undefined, finish);
    return true;
  },
  inputGradient(backend, info, dy, filter, dx) {
    const at = placesOf(backend, dy, filter, dx);
    if (!isPointwise(info)) return runConvolution(backend, 'conv_input', info, at);
    const [a, b, c] = at;
    multiply(backend, { a, b, c }, [outPixels(info), info.inChannels, info.outChannels], false, true);
    return true;
  },
  filterGradient(backend, info, x, dy, dfilter) {
    const at = placesOf(backend, x, dy, dfilter);
    if (!isPointwise(info)) return runConvolution(backend, 'conv_filter', info, at);
    const [a, b, c] = at;
    multiply(backend, { a, b, c }, [info.inChannels, info.outChannels, outPixels(info)], true, false);
    return true;
  },
});
