import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel } from './run-kernel.js';

/** The activations that `fusedDense` knows. The gradient of each follows from its output. */
export const FUSED_ACTIVATIONS = ['linear', 'relu', 'relu6', 'sigmoid', 'tanh', 'elu', 'softmax'] as const;

/** The name of an activation that `fusedDense` knows. */
export type FusedActivation = (typeof FUSED_ACTIVATIONS)[number];

/** The backend kernel that multiplies by an activation's slope: inputs `dy`, `y`; attribute `activation`; output of their shape. */
export const ACTIVATION_GRADIENT_KERNEL = 'GradstreamActivationGradient';

/**
 * `dy` times the slope of an activation, from the activation's output `y`.
 *
 * relu: step(y); relu6: step(y) step(6 - y); sigmoid: y (1 - y); tanh: 1 - y^2; elu: 1 above 0, y + 1 below. `linear` is left to the caller. softmax, along
 * the last axis, has no slope by elements: `y (dy - sum(dy y))`.
 */
export function activationGradient(
  activation: Exclude<FusedActivation, 'linear'>,
  dy: tf.Tensor,
  y: tf.Tensor,
): tf.Tensor {
  // While a second derivative is recorded, plain kernels are needed: the fused one has no gradient.
  if (hasKernel(ACTIVATION_GRADIENT_KERNEL) && !tf.engine().isTapeOn())
    return runKernel(ACTIVATION_GRADIENT_KERNEL, { dy, y }, { activation });
  switch (activation) {
    case 'relu':
      return multiply(dy, runKernel(tf.Step, { x: y }, { alpha: 0 }));
    case 'relu6':
      return multiply(multiply(dy, runKernel(tf.Step, { x: y }, { alpha: 0 })), tf.step(tf.sub(6, y)));
    case 'sigmoid':
      return multiply(dy, runKernel(tf.Sub, { a: y, b: multiply(y, y) }));
    case 'tanh':
      return runKernel(tf.Sub, { a: dy, b: multiply(dy, multiply(y, y)) });
    case 'elu':
      return runKernel(tf.EluGrad, { dy, y });
    case 'softmax': {
      const weighted = multiply(dy, y);
      return runKernel(tf.Sub, { a: weighted, b: multiply(tf.sum(weighted, -1, true), y) });
    }
  }
}

const multiply = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => runKernel(tf.Multiply, { a, b });
