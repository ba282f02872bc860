import { depthwiseKernels as kernelsOf } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import type { backend_util } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { blocks, gridFor, THREADS, WARPS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { filled } from '../elementwise/convert.js';
import { finishWords } from '../gemm.js';
import type { Kernel } from '../kernel.js';
import { reduce } from '../reduction/reduce.js';
import { finishOf, NO_FINISH, type Finish } from './finish.js';
import { outPixels, placesOf } from './geometry.js';

const kernels = kernelsIn('depthwise', { depthwise: 'pppiss', depthwise_input: 'pppis', depthwise_filter: 'pppiis' });

/** Output pixels that a block of the filter's gradient sums. */
const CHUNK = 2048;

/** Convolutions of each channel by itself, with their gradients. */
export const depthwiseKernels: readonly Kernel[] = kernelsOf<CudaBackend, Finish>({
  filled,
  noFinish: NO_FINISH,
  finishOf,
  forward(backend, info, x, filter, y, finish) {
    const size = util.sizeFromShape(info.outShape);
    const values = [...placesOf(backend, x, filter, y), size, words(info), finishWords(finish)];
    backend.runtime.launch(kernels.depthwise, gridFor(size), THREADS, values);
    return true;
  },
  inputGradient(backend, info, dy, filter, dx) {
    const size = util.sizeFromShape(info.inShape);
    const values = [...placesOf(backend, dy, filter, dx), size, words(info)];
    backend.runtime.launch(kernels.depthwise_input, gridFor(size), THREADS, values);
    return true;
  },
  filterGradient(backend, info, x, dy, dfilter) {
    const pixels = outPixels(info);
    const taps = info.filterHeight * info.filterWidth;
    if (taps > backend.runtime.device.mostBlocks) return false;
    const chunk = Math.max(CHUNK, Math.ceil(pixels / backend.runtime.device.mostBlocks));
    const chunks = blocks(pixels, chunk);
    const size = taps * info.outChannels;
    const [a, b, to] = placesOf(backend, x, dy, dfilter);
    backend.runtime.withScratch(chunks * size * 4, (parts) => {
      const grid = [blocks(info.outChannels, 32), taps, chunks] as const;
      const values = [a, b, parts, pixels, chunk, words(info)];
      backend.runtime.launch(kernels.depthwise_filter, grid, WARPS, values);
      reduce(backend, 'float_Sum', parts, to, [1, chunks, size]);
    });
    return true;
  },
});

function words(info: backend_util.Conv2DInfo): Int32Array {
  return Int32Array.of(
    ...[
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.outChannels / info.inChannels,
      info.outHeight,
      info.outWidth,
    ],
    ...[
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      info.dilationHeight,
      info.dilationWidth,
    ],
    ...[info.padInfo.top, info.padInfo.left],
  );
}
