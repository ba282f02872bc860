import { Tensor } from '@tensorflow/tfjs-core';
import { eachTensor } from './each-tensor.js';
import type { OptimizerState } from './gradient-transformation.js';

/**
 * Disposes the tensors of a state, except those that the state after it still holds: a step may give back what did not change, for example a
 * constant learning rate.
 */
export function disposeState(state: OptimizerState, next: OptimizerState = {}): void {
  if (isSame(state, next)) return;
  const kept = new Set<OptimizerState>();
  eachTensor(next, (tensor) => kept.add(tensor));
  eachTensor(state, (tensor) => {
    if (!kept.has(tensor)) tensor.dispose();
  });
}

/** True where the next state holds the very same tensors in the same places, as after a step in place. */
function isSame(state: OptimizerState, next: OptimizerState | undefined): boolean {
  if (state === next) return true;
  if (next === undefined || state instanceof Tensor || next instanceof Tensor) return false;
  for (const key in state) if (!isSame(state[key]!, next[key])) return false;
  return true;
}
