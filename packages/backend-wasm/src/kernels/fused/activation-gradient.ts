import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Activation } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { input, isFloat } from './operands.js';

/** The activations whose slope is taken from their result, element by element. */
const slopes: Readonly<Record<string, Activation>> = {
  relu: Activation.Relu,
  relu6: Activation.Relu6,
  sigmoid: Activation.Sigmoid,
  tanh: Activation.Tanh,
  elu: Activation.Elu,
};

/** True for an activation whose gradient these kernels know. */
export function isSloped(activation: string): boolean {
  return activation === 'softmax' || Object.hasOwn(slopes, activation);
}

/** Writes the gradient by what went into an activation, from the gradient by its result and that result, all at addresses. */
export function writeActivationGradient(
  { runtime: { wasm } }: WasmSimdBackend,
  activation: string,
  dy: number,
  y: number,
  dx: number,
  shape: readonly number[],
): void {
  const size = util.sizeFromShape(shape as number[]);
  if (size === 0) return;
  if (activation !== 'softmax') return wasm.activationGradient(slopes[activation]!, dy, y, dx, size);
  const n = shape.at(-1)!;
  wasm.softmaxGradient(dy, y, dx, size / n, n);
}

/**
 * `GradstreamActivationGradient`: inputs `dy` and `y` of one shape; attribute `activation`; output `dy` times the activation's slope at its result `y`. For
 * `softmax`, along the last axis, it is `y (dy - sum(dy y))`.
 */
export const activationGradientKernels: readonly Kernel[] = [
  {
    name: 'GradstreamActivationGradient',
    run: (call) => {
      const [dy, y] = [input(call, 'dy'), input(call, 'y')];
      const activation = call.attrs['activation'] as string;
      if (!isFloat(dy) || !isFloat(y, dy.shape) || !isSloped(activation)) return undefined;
      if (activation === 'softmax' && dy.shape.length === 0) return undefined;
      const { backend } = call;
      const dx: TensorInfo = backend.output(dy.shape, 'float32');
      const at = [backend.address(dy), backend.address(y), backend.address(dx)] as const;
      writeActivationGradient(backend, activation, ...at, dy.shape);
      return dx;
    },
  },
];
