import { activationGradientKernels as kernelsOf, type SlopedActivation } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import { Activation } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';

const slopes: Readonly<Record<SlopedActivation, Activation>> = {
  relu: Activation.Relu,
  relu6: Activation.Relu6,
  sigmoid: Activation.Sigmoid,
  tanh: Activation.Tanh,
  elu: Activation.Elu,
};

/** Writes the gradient by what went into an activation, from the gradient by its result and that result, all at addresses. */
export function writeActivationGradient(
  { runtime: { wasm } }: WasmSimdBackend,
  activation: SlopedActivation | 'softmax',
  dy: number,
  y: number,
  dx: number,
  shape: readonly number[],
): void {
  const size = util.sizeFromShape(shape as number[]);
  if (size === 0) return;
  if (activation !== 'softmax') return wasm.activationGradient(slopes[activation], dy, y, dx, size);
  const n = shape.at(-1)!;
  wasm.softmaxGradient(dy, y, dx, size / n, n);
}

/** The slope of an activation by its result. */
export const activationGradientKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>(
  (backend, activation, dy, y, dx) => {
    const at = [backend.address(dy), backend.address(y), backend.address(dx)] as const;
    writeActivationGradient(backend, activation, ...at, dy.shape);
  },
);
