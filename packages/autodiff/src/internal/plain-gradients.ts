import { grads, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import type { Thunks } from './run-operation.js';

/**
 * The gradients of a function of named tensors by plain kernels, each of which has a gradient itself: for second derivatives of operations whose own
 * gradient is one kernel.
 */
export function plainGradients(f: (inputs: NamedTensorMap) => Tensor, inputs: NamedTensorMap, dy: Tensor): Thunks {
  const names = Object.keys(inputs);
  const named = (tensors: readonly Tensor[]): NamedTensorMap =>
    Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
  const all = named(grads((...tensors) => f(named(tensors)))(Object.values(inputs), dy));
  return Object.fromEntries(names.map((name) => [name, () => all[name]!]));
}
