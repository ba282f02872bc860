import { eachTensor } from './each-tensor.js';
import type { OptimizerState } from './gradient-transformation.js';

/**
 * Disposes the tensors of a state, except those that the state after it still holds: a step may give back what did not change, for example a
 * constant learning rate.
 */
export function disposeState(state: OptimizerState, next: OptimizerState = {}): void {
  if (state === next) return;
  const kept = new Set<OptimizerState>();
  eachTensor(next, (tensor) => kept.add(tensor));
  eachTensor(state, (tensor) => {
    if (!kept.has(tensor)) tensor.dispose();
  });
}
