import type { Tensor } from '@tensorflow/tfjs-core';
import { runOperation } from './internal/run-operation.js';

/**
 * Computes a tensor of its own from others as a constant: no gradient flows through it, and nothing of it is kept for the backward pass. For looking at what a
 * model does while it is differentiated. What else `compute` makes is freed.
 */
export function unrecorded(compute: () => Tensor): Tensor {
  return runOperation({ inputs: {}, forward: compute, backward: () => ({}) });
}
