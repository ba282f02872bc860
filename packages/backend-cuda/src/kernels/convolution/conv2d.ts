import { conv2dKernels as kernelsOf, isPointwise } from '@gradstream/backend-kernels';
import type { backend_util } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { filled } from '../elementwise/convert.js';
import { multiply } from '../gemm.js';
import type { Kernel } from '../kernel.js';
import { finishOf, NO_FINISH, type Finish } from './finish.js';
import { outPixels, placesOf, runConvolution, withImages } from './geometry.js';

/** Convolutions in two dimensions with their gradients. */
export const conv2dKernels: readonly Kernel[] = kernelsOf<CudaBackend, Finish>('backend-cuda', {
  filled,
  noFinish: NO_FINISH,
  finishOf,
  forward(backend, info, x, filter, y, finish) {
    if (!isProduct(backend, info))
      return withImages(backend, [x], [filter], y, (at) => runConvolution(backend, 'conv', info, at, finish));
    const [a, b, c] = placesOf(backend, x, filter, y);
    const sizes = [outPixels(info), info.outChannels, info.inChannels] as const;
    multiply(backend, { a, b, c }, sizes, false, false, undefined, finish);
    return true;
  },
  inputGradient(backend, info, dy, filter, dx) {
    if (!isProduct(backend, info))
      return withImages(backend, [dy], [filter], dx, (at) => runConvolution(backend, 'conv_input', info, at));
    const [a, b, c] = placesOf(backend, dy, filter, dx);
    multiply(backend, { a, b, c }, [outPixels(info), info.inChannels, info.outChannels], false, true);
    return true;
  },
  filterGradient(backend, info, x, dy, dfilter) {
    if (!isProduct(backend, info))
      return withImages(backend, [x, dy], [], dfilter, (at) => runConvolution(backend, 'conv_filter', info, at));
    const [a, b, c] = placesOf(backend, x, dy, dfilter);
    multiply(backend, { a, b, c }, [info.inChannels, info.outChannels, outPixels(info)], true, false);
    return true;
  },
});

/** A matrix product, which reads and writes numbers of 32 bits. */
function isProduct({ runtime }: CudaBackend, info: backend_util.Conv2DInfo): boolean {
  return runtime.roundings.half === undefined && isPointwise(info);
}
