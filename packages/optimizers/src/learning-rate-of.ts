import { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerState } from './gradient-transformation.js';

/**
 * The learning rate in a state: the first leaf named `learningRate`, a float32 scalar; undefined where there is none.
 *
 * Under a schedule it is the rate of the next step, as Keras' `optimizer.learning_rate`. The state keeps owning the tensor.
 */
export function learningRateOf(state: OptimizerState): Tensor | undefined {
  if (state instanceof Tensor) return undefined;
  for (const [key, entry] of Object.entries(state)) {
    if (key === 'learningRate' && entry instanceof Tensor) return entry;
    const inner = learningRateOf(entry);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
