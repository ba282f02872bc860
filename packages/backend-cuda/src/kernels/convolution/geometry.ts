import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
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

/**
 * What tfjs-core computed for a convolution, with the size that its output has: gradients are not told how sizes were rounded, so it may be one more.
 * Undefined for any other size.
 */
export function withOutputOf(info: backend_util.Conv2DInfo, dy: TensorInfo): backend_util.Conv2DInfo | undefined {
  const [, outHeight, outWidth] = dy.shape as [number, number, number, number];
  const isRounded = (size: number, computed: number): boolean => size === computed || size === computed + 1;
  if (!isRounded(outHeight, info.outHeight) || !isRounded(outWidth, info.outWidth)) return undefined;
  return { ...info, outHeight, outWidth };
}

/** Whether all tensors are of 32-bit floats. */
export function allFloat32(...tensors: (TensorInfo | null | undefined)[]): boolean {
  return tensors.every((tensor) => tensor === undefined || tensor === null || tensor.dtype === 'float32');
}

/** A new tensor that `fill` writes, or undefined, and no tensor, where `fill` says that it did not. */
export function outputOrNothing(
  backend: CudaBackend,
  shape: number[],
  fill: (address: Address) => boolean,
): TensorInfo | undefined {
  if (shape.some((size) => size < 0)) return undefined;
  const out = backend.output(shape, 'float32');
  if (util.sizeFromShape(shape) === 0 || fill(backend.address(out))) return out;
  backend.disposeData(out.dataId, true);
  return undefined;
}
