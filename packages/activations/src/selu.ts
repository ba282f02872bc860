import { selu as seluKernel, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';

/**
 * The scaled exponential linear unit: `1.0507009873554805 * x` above 0, `1.0507009873554805 * 1.6732632423543772 * (exp(x) - 1)` below.
 *
 * Any shape; one kernel. Meant for weights from `lecunNormal`. Source: Klambauer et al., "Self-normalizing neural networks", 2017.
 */
export function selu(x: Tensor): Tensor {
  return onFloat('selu', x, (input) => seluKernel(input));
}
