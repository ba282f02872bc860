import { mul } from '@tensorflow/tfjs-core';
import type {
  GradientTransformation,
  OptimizerState,
  ScaledTensors,
  ScaledUpdate,
  Tensors,
} from '../gradient-transformation.js';
import { matchGradients } from './match-gradients.js';

/** Multiplies the pending factor in. */
export function settle({ tensors, factor }: ScaledTensors): Tensors {
  if (factor === undefined) return tensors;
  return Object.fromEntries(Object.entries(tensors).map(([path, tensor]) => [path, mul(tensor, factor)]));
}

/** Makes a transformation of its scaled form: `update` is that form with the factor multiplied in. */
export function scaledTransformation(
  where: string,
  init: (params: Tensors) => OptimizerState,
  updateScaled: (gradients: ScaledTensors, state: OptimizerState, params: Tensors) => ScaledUpdate,
): GradientTransformation {
  return {
    init,
    update(gradients, state, params) {
      const next = updateScaled({ tensors: matchGradients(where, gradients, params) }, state, params);
      return { updates: settle(next.updates), state: next.state };
    },
    updateScaled,
  };
}
