import type { OptimizerState } from './gradient-transformation.js';
import { stateTensors } from './state-tensors.js';

/**
 * Disposes the tensors of a state, except those that the state after it still holds: a step may give back what did not change, for example a
 * constant learning rate.
 */
export function disposeState(state: OptimizerState, next: OptimizerState = {}): void {
  const kept = new Set(Object.values(stateTensors(next)));
  for (const tensor of Object.values(stateTensors(state))) if (!kept.has(tensor)) tensor.dispose();
}
