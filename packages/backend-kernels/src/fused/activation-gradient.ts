import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { input, isFloat } from './operands.js';

/** An activation whose slope is taken from its result, element by element. */
export type SlopedActivation = 'relu' | 'relu6' | 'sigmoid' | 'tanh' | 'elu';

const sloped: ReadonlySet<string> = new Set<SlopedActivation>(['relu', 'relu6', 'sigmoid', 'tanh', 'elu']);

/** True for an activation whose gradient these kernels know: those above, and softmax. */
export function isSloped(activation: string): activation is SlopedActivation | 'softmax' {
  return activation === 'softmax' || sloped.has(activation);
}

/** Writes dx: the gradient by what went into an activation, from the gradient by its result y. */
export type WriteActivationGradient<B> = (
  backend: B,
  activation: SlopedActivation | 'softmax',
  dy: TensorInfo,
  y: TensorInfo,
  dx: TensorInfo,
) => void;

/**
 * `GradstreamActivationGradient`: inputs `dy` and `y` of one shape; attribute `activation`; output `dy` times the activation's slope at its result `y`. For
 * `softmax`, along the last axis, it is `y (dy - sum(dy y))`.
 */
export function activationGradientKernels<B extends OutputBackend>(
  write: WriteActivationGradient<B>,
): readonly Kernel<B>[] {
  return [
    {
      name: 'GradstreamActivationGradient',
      run: (call) => {
        const [dy, y] = [input(call, 'dy'), input(call, 'y')];
        const activation = call.attrs['activation'] as string;
        if (!isFloat(dy) || !isFloat(y, dy.shape) || !isSloped(activation)) return undefined;
        if (activation === 'softmax' && dy.shape.length === 0) return undefined;
        const dx = call.backend.output(dy.shape, 'float32');
        write(call.backend, activation, dy, y, dx);
        return dx;
      },
    },
  ];
}
