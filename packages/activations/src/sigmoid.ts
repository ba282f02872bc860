import { sigmoid as sigmoidKernel, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';

/** The logistic function: `1 / (1 + exp(-x))`, between 0 and 1. Any shape; one kernel. */
export function sigmoid(x: Tensor): Tensor {
  return onFloat('sigmoid', x, (input) => sigmoidKernel(input));
}
