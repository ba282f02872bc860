import { exp as expKernel, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';

/** The exponential function. Any shape; one kernel. Above 88.7 the result is Infinity: float32 holds nothing larger than 3.4e38. */
export function exponential(x: Tensor): Tensor {
  return onFloat('exponential', x, (input) => expKernel(input));
}
