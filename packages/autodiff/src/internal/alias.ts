import { Reshape, type Tensor } from '@tensorflow/tfjs-core';
import { runKernel } from './run-kernel.js';

/**
 * A new tensor over the same data, of a shape with as many elements. By default the same shape.
 *
 * A gradient that equals `dy` needs one: the engine disposes the tensors that it adds up, so no two inputs may share one. `Reshape` shares data on
 * every backend, `Identity` copies on some.
 */
export function alias(x: Tensor, shape: readonly number[] = x.shape): Tensor {
  return runKernel(Reshape, { x }, { shape });
}
