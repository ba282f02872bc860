import { util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { applyBinary } from '../elementwise/binary.js';
import { spreadOf } from '../elementwise/spread.js';
import { PLAIN, type Finish } from '../gemm.js';
import { activationNumber } from '../matrix-product.js';
import { allFloat32 } from './geometry.js';

/** What follows on the sums of a convolution: in the kernel, and the rest in place. */
export interface ConvolutionFinish extends Finish {
  readonly activate: (out: TensorInfo) => void;
}

const nothing = (): void => undefined;

/** Sums as they are. */
export const NO_FINISH: ConvolutionFinish = { ...PLAIN, activate: nothing };

/** Bias and activation of a fused convolution, or undefined for what only tfjs-backend-cpu does. */
export function finishOf(
  backend: CudaBackend,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
  outShape: readonly number[],
): ConvolutionFinish | undefined {
  const bias = inputs['bias'] as TensorInfo | null | undefined;
  const slopes = inputs['preluActivationWeights'] as TensorInfo | null | undefined;
  if (!allFloat32(bias, slopes)) return undefined;
  const channels = outShape.at(-1)!;
  if (bias && !(bias.shape.at(-1) === channels && util.sizeFromShape(bias.shape) === channels)) return undefined;
  const start = { bias: bias ? backend.address(bias) : 0, alpha: (attrs['leakyreluAlpha'] as number | undefined) ?? 0 };
  const name = (attrs['activation'] ?? 'linear') as string;
  const activation = activationNumber(name);
  if (activation !== undefined) return { ...start, activation, activate: nothing };
  if (name !== 'prelu' || !slopes || slopes.shape.length > outShape.length) return undefined;
  const fits = slopes.shape.every(
    (size, axis) => size === 1 || size === outShape[axis + outShape.length - slopes.shape.length],
  );
  if (!fits || spreadOf(outShape, slopes.shape, outShape) === undefined) return undefined;
  return { ...start, activation: 0, activate: (out) => applyBinary(backend, 'Prelu', out, slopes, out) };
}
