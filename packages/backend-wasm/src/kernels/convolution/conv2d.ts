import { conv2dKernels as kernelsOf, isPointwise } from '@gradstream/backend-kernels';
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { multiply } from '../matrix-product.js';
import { finishOf, NO_FINISH, type Finish } from './finish.js';
import { runInputGradient } from './input-gradient.js';
import { geometryOf, runConvolution, runFilterGradient } from './run-convolution.js';

/**
 * Convolutions in two dimensions with their gradients.
 *
 * Filters of 3 x 3 with 16 or more channels on both sides are computed by minimal filtering (Winograd), in patches of 4 x 4 cells: rounding errors are a little
 * larger than those of plain sums, and an infinity or a NaN may reach all 2 x 2 results of its patch.
 */
export const conv2dKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend, Finish>('backend-wasm', {
  filled,
  noFinish: NO_FINISH,
  finishOf,
  forward(backend, info, x, filter, y, finish) {
    if (isPointwise(info)) {
      const sizes = [pixelsOf(info), info.outChannels, info.inChannels] as const;
      multiply(backend, placesOf(backend, x, filter, y), sizes, false, false, undefined, finish);
      return true;
    }
    const { bias, relu } = finish;
    const at = { x: backend.address(x), filter: backend.address(filter), y: backend.address(y) };
    return runConvolution(backend, { ...geometryOf(info, false), ...at, bias, relu });
  },
  inputGradient(backend, info, dy, filter, dx) {
    if (isPointwise(info)) {
      const sizes = [pixelsOf(info), info.inChannels, info.outChannels] as const;
      multiply(backend, placesOf(backend, dy, filter, dx), sizes, false, true);
      return true;
    }
    const at = { x: backend.address(dy), filter: backend.address(filter), y: backend.address(dx) };
    return runInputGradient(backend, { ...geometryOf(info, false), ...at }, info.inChannels);
  },
  filterGradient(backend, info, x, dy, dfilter) {
    const at = { x: backend.address(x), filter: backend.address(dy), y: backend.address(dfilter) };
    return runFilterGradient(backend, { ...geometryOf(info, false), ...at });
  },
});

const pixelsOf = (info: backend_util.Conv2DInfo): number => info.batchSize * info.inHeight * info.inWidth;

const placesOf = (
  backend: WasmSimdBackend,
  a: TensorInfo,
  b: TensorInfo,
  c: TensorInfo,
): { a: number; b: number; c: number } => ({ a: backend.address(a), b: backend.address(b), c: backend.address(c) });
