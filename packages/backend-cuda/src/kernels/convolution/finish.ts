import type { ConvolutionEnd, ConvolutionFinish } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { applyBinary } from '../elementwise/binary.js';
import { spreadOf } from '../elementwise/spread.js';
import { PLAIN, type Finish as ProductFinish } from '../gemm.js';
import { activationNumber } from '../matrix-product.js';

/** What follows on the sums of a convolution: in the kernel, and the rest in place. */
export type Finish = ProductFinish & ConvolutionFinish;

const nothing = (): void => undefined;

/** Sums as they are. */
export const NO_FINISH: Finish = { ...PLAIN, activate: nothing };

/** Bias and activation of a fused convolution, or undefined for what only tfjs-backend-cpu does. */
export function finishOf(
  backend: CudaBackend,
  { bias, activation, leakyAlpha, slopes, outShape }: ConvolutionEnd,
): Finish | undefined {
  const start = { bias: bias ? backend.address(bias) : 0, alpha: leakyAlpha };
  const number = activationNumber(activation);
  if (number !== undefined) return { ...start, activation: number, activate: nothing };
  if (activation !== 'prelu' || spreadOf(outShape, slopes!.shape, outShape) === undefined) return undefined;
  const activate = (out: TensorInfo): void => {
    // In place, and in 32 bits.
    backend.writable(out);
    applyBinary(backend, 'Prelu', out, slopes!, out);
  };
  return { ...start, activation: 0, activate };
}
