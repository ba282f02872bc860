import { clipByValue, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';

/** A tanh of straight lines: `min(max(x, -1), 1)`. Any shape; one kernel. Slope at -1 and 1: 1. */
export function hardTanh(x: Tensor): Tensor {
  return onFloat('hardTanh', x, (input) => clipByValue(input, -1, 1));
}
