import { GradstreamError } from '@gradstream/core';
import { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerState, Tensors } from './gradient-transformation.js';

/**
 * The running means of the weights in a state, by weight path: what `averageWeights`, or a recipe with `useEma`, has kept so far. The state keeps owning
 * the tensors: assign them to the weights to use them, and keep copies of the weights to go back.
 *
 * Throws `GS_OPTIMIZER_STATE` where the state has none.
 */
export function emaWeights(state: OptimizerState): Tensors {
  const averages = averagesIn(state);
  if (averages.length > 0) return Object.fromEntries(averages);
  throw new GradstreamError('GS_OPTIMIZER_STATE', {
    where: 'optimizers/emaWeights',
    what: 'This state has no means of weights',
    expected: 'the state of an optimizer with averageWeights()',
    received: 'a state without "average"',
    next: 'Build the optimizer with { useEma: true }, or put averageWeights() last in the chain.',
  });
}

function averagesIn(state: OptimizerState): [string, Tensor][] {
  if (state instanceof Tensor) return [];
  return Object.entries(state).flatMap(([key, entry]) => {
    if (key !== 'average' || entry instanceof Tensor) return averagesIn(entry);
    return Object.entries(entry).filter((one): one is [string, Tensor] => one[1] instanceof Tensor);
  });
}
