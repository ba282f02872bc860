import { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerState } from './gradient-transformation.js';

/** Visits the tensors of an optimizer's state, in the order of `stateTensors` and without making their paths. */
export function eachTensor(state: OptimizerState, visit: (tensor: Tensor) => void): void {
  if (state instanceof Tensor) visit(state);
  else for (const key in state) if (Object.hasOwn(state, key)) eachTensor(state[key]!, visit);
}
