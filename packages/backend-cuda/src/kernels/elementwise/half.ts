import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { halfKernel, storedAt, withHalves, type Half, type HalfKernel } from '../../internal/half.js';

type Elementwise = HalfKernel & ('add' | 'relu' | 'slope_relu');

/** One number for each of one or two tensors of one shape, all of them in 16 bits. */
export function elementwiseHalf(
  backend: CudaBackend,
  name: Elementwise,
  half: Half,
  tensors: readonly TensorInfo[],
): TensorInfo {
  const y = backend.output(tensors[0]!.shape, 'float32', half);
  writeHalf(backend, name, half, tensors, y);
  return y;
}

/** The same, written to a tensor that lies in 16 bits. */
export function writeHalf(
  backend: CudaBackend,
  name: Elementwise,
  half: Half,
  tensors: readonly TensorInfo[],
  y: TensorInfo,
): void {
  const size = sizeOf(y);
  if (size === 0) return;
  withHalves(backend, tensors, half, (addresses) => {
    const values = [...addresses, storedAt(backend, y), size];
    backend.runtime.launch(halfKernel(name, half), gridFor(size, 4), THREADS, values);
  });
}
