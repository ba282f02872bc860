import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { finishSums, PLAIN, type Finish } from '../gemm.js';
import { convolveByDnn } from './dnn/use-dnn.js';
import { convolutionSizes, convolveByOwn, type ConvolutionAddresses, type ConvolutionKind } from './own-products.js';

export { outPixels } from './own-products.js';

/** Runs one product of a convolution, by cuDNN or by own kernels: its operands and its result lie at addresses. Nothing is to be of size 0. */
export function runConvolution(
  backend: CudaBackend,
  kind: ConvolutionKind,
  info: backend_util.Conv2DInfo,
  at: ConvolutionAddresses,
  finish: Finish = PLAIN,
): boolean {
  const [m, n, k] = convolutionSizes[kind](info);
  if (convolveByDnn(backend.runtime, kind, info, at, m * n * k)) finishSums(backend, at[2], m * n, n, finish);
  else convolveByOwn(backend.runtime, kind, info, at, finish);
  return true;
}

/** Where tensors lie. */
export function placesOf(backend: CudaBackend, a: TensorInfo, b: TensorInfo, c: TensorInfo): ConvolutionAddresses {
  return [backend.address(a), backend.address(b), backend.address(c)];
}
