import { util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { Binary, Unary } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import { applyBinary } from '../elementwise/binary.js';
import { applyUnary } from '../elementwise/unary.js';
import { allFloat32 } from './run-convolution.js';

/** What follows a convolution in the same kernel. */
export interface Finish {
  /** The address of one value for each channel, or 0. */
  readonly bias: number;
  readonly relu: boolean;
  /** The rest of the activation, in place. */
  readonly activate: (out: TensorInfo) => void;
}

const functions: Readonly<Record<string, Unary>> = {
  relu6: Unary.Relu6,
  elu: Unary.Elu,
  sigmoid: Unary.Sigmoid,
};

/** Bias and activation of a fused convolution, or undefined for what only tfjs-backend-cpu does. */
export function finishOf(
  backend: WasmSimdBackend,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
  outShape: readonly number[],
): Finish | undefined {
  const bias = inputs['bias'] as TensorInfo | null | undefined;
  const alpha = inputs['preluActivationWeights'] as TensorInfo | null | undefined;
  if (!allFloat32(bias, alpha)) return undefined;
  const channels = outShape.at(-1)!;
  if (bias && !(bias.shape.at(-1) === channels && util.sizeFromShape(bias.shape) === channels)) return undefined;
  const activation = (attrs['activation'] ?? 'linear') as string;
  const activate = activationOf(backend, activation, alpha, attrs['leakyreluAlpha'] as number | undefined, outShape);
  if (activate === undefined) return undefined;
  return { bias: bias ? backend.address(bias) : 0, relu: activation === 'relu', activate };
}

function activationOf(
  backend: WasmSimdBackend,
  activation: string,
  alpha: TensorInfo | null | undefined,
  slope: number | undefined,
  outShape: readonly number[],
): ((out: TensorInfo) => void) | undefined {
  if (activation === 'linear' || activation === 'relu') return () => undefined;
  if (activation === 'leakyrelu') return (out) => applyUnary(backend, Unary.LeakyRelu, out, out, [slope ?? 0, 0]);
  if (activation === 'prelu') {
    if (!alpha || alpha.shape.length > outShape.length) return undefined;
    const fits = alpha.shape.every(
      (size, axis) => size === 1 || size === outShape[axis + outShape.length - alpha.shape.length],
    );
    return fits ? (out) => applyBinary(backend, 0, Binary.Prelu, out, alpha, out) : undefined;
  }
  const code = functions[activation];
  return code === undefined ? undefined : (out) => applyUnary(backend, code, out, out);
}
