import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { storeAs, storedAt, withHalves } from '../../internal/half.js';
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

/**
 * Does work with a convolution's operands, images or their gradients first, and its result. In mixed precision images lie in 16 bits, and so does the result where it is
 * one: where not all operands are images.
 */
export function withImages<T>(
  backend: CudaBackend,
  images: readonly TensorInfo[],
  others: readonly TensorInfo[],
  result: TensorInfo,
  work: (at: ConvolutionAddresses) => T,
): T {
  const { half } = backend.runtime.roundings;
  const rest = others.map((x) => backend.address(x));
  const at = (places: readonly number[]): ConvolutionAddresses =>
    [...places, ...rest, storedAt(backend, result)] as never;
  if (half === undefined) return work(at(images.map((x) => backend.address(x))));
  if (others.length > 0) storeAs(backend, result, half);
  return withHalves(backend, images, half, (places) => work(at(places)));
}
