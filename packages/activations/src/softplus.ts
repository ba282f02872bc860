import { softplus as softplusKernel, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';

/** A smooth rectifier: `log(1 + exp(x))`. Any shape; one kernel, which neither overflows for large `x` nor underflows for small ones. */
export function softplus(x: Tensor): Tensor {
  return onFloat('softplus', x, (input) => softplusKernel(input));
}
