import { zerosLike } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { scaledTransformation } from './internal/scaled-transformation.js';

/** Updates of 0: the weights stay as they are, and nothing is remembered of them. For a group of `partition`. */
export function freeze(): GradientTransformation {
  return scaledTransformation(
    'optimizers/freeze',
    () => ({}),
    (_, state, params) => ({
      updates: { tensors: Object.fromEntries(Object.entries(params).map(([path, one]) => [path, zerosLike(one)])) },
      state,
    }),
  );
}
