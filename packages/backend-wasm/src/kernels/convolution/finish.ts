import type { ConvolutionEnd, ConvolutionFinish } from '@gradstream/backend-kernels';
import { Binary, Unary } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import { applyBinary } from '../elementwise/binary.js';
import { applyUnary } from '../elementwise/unary.js';

/** What follows a convolution in the same kernel. */
export interface Finish extends ConvolutionFinish {
  /** The address of one value for each channel, or 0. */
  readonly bias: number;
  readonly relu: boolean;
}

/** Sums as they are. */
export const NO_FINISH: Finish = { bias: 0, relu: false, activate: () => undefined };

const functions: Readonly<Record<string, Unary>> = {
  relu6: Unary.Relu6,
  elu: Unary.Elu,
  sigmoid: Unary.Sigmoid,
};

/** Bias and activation of a fused convolution, or undefined for what only tfjs-backend-cpu does. */
export function finishOf(backend: WasmSimdBackend, end: ConvolutionEnd): Finish | undefined {
  const activate = activationOf(backend, end);
  if (activate === undefined) return undefined;
  return { bias: end.bias ? backend.address(end.bias) : 0, relu: end.activation === 'relu', activate };
}

function activationOf(
  backend: WasmSimdBackend,
  { activation, leakyAlpha, slopes }: ConvolutionEnd,
): ConvolutionFinish['activate'] | undefined {
  if (activation === 'linear' || activation === 'relu') return NO_FINISH.activate;
  if (activation === 'leakyrelu') return (out) => applyUnary(backend, Unary.LeakyRelu, out, out, [leakyAlpha, 0]);
  if (activation === 'prelu') return (out) => applyBinary(backend, 0, Binary.Prelu, out, slopes!, out);
  const code = functions[activation];
  return code === undefined ? undefined : (out) => applyUnary(backend, code, out, out);
}
