import { tanh as tanhKernel, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';

/** The hyperbolic tangent, between -1 and 1. Any shape; one kernel. */
export function tanh(x: Tensor): Tensor {
  return onFloat('tanh', x, (input) => tanhKernel(input));
}
