import { softmaxKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../cuda-backend.js';
import { sizeOf } from '../internal/elements.js';
import { blocks, WARPS } from '../internal/grid.js';
import { kernelsIn } from '../internal/modules.js';
import type { Size3 } from '../internal/runtime.js';
import type { Kernel } from './kernel.js';

const kernels = kernelsIn('softmax', { softmax: 'ppi', softmax_256: 'ppii', softmax_1024: 'ppii' });

/** Threads for a row of n: whole warps, no more than there are numbers. */
export function threadsForRow(n: number): Size3 {
  return [Math.min(256, Math.max(32, Math.ceil(n / 32) * 32)), 1, 1];
}

/** Whether a warp holds a row of n in its registers; see `Row` in kernels/device.h. */
export function isShortRow(n: number): boolean {
  return n % 4 === 0 && n >= 32 && n <= 1024;
}

/** y = softmax of the rows of x; y may be x. */
export function softmaxOf(backend: CudaBackend, x: TensorInfo, y: TensorInfo): void {
  const n = x.shape.at(-1)!;
  const size = sizeOf(x);
  if (size === 0) return;
  const rows = size / n;
  if (isShortRow(n)) {
    const kernel = n <= 256 ? kernels.softmax_256 : kernels.softmax_1024;
    backend.runtime.launch(kernel, [blocks(rows, 8), 1, 1], WARPS, [backend.address(x), backend.address(y), rows, n]);
    return;
  }
  backend.runtime.launch(kernels.softmax, [rows, 1, 1], threadsForRow(n), [backend.address(x), backend.address(y), n]);
}

/** `Softmax` along the last dimension. */
export const softmaxKernels: readonly Kernel[] = kernelsOf(softmaxOf);
