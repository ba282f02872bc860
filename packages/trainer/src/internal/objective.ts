import type { Model, Weight } from '@gradstream/layers';
import type { Loss } from '@gradstream/objectives';
import { penalty } from '@gradstream/regularizers';
import { add, mean, type Scalar, type Tensor } from '@tensorflow/tfjs-core';

/** What is minimized: the mean of the loss over the batch, plus the penalties of the weights that train and what layers added. */
export function objective(
  loss: Loss,
  model: Model,
  yTrue: Tensor,
  yPred: Tensor,
  added: readonly Scalar[] = [],
): Scalar {
  let total = mean(loss.call(yTrue, yPred)) as Scalar;
  for (const { path, regularizer, trainable, variable } of model.weights) {
    if (regularizer !== undefined && trainable) total = add(total, penalty(regularizer, variable, path)) as Scalar;
  }
  for (const term of added) total = add(total, term) as Scalar;
  return total;
}

/** The weights' tensors by path, as layers and optimizers take them. */
export function tensorsOf(weights: readonly Weight[]): Record<string, Weight['variable']> {
  return Object.fromEntries(weights.map(({ path, variable }) => [path, variable]));
}
