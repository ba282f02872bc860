import { GradstreamError } from '@gradstream/core';
import type { Model, Weight } from '@gradstream/layers';
import { computeLoss, type Loss } from '@gradstream/objectives';
import { penalty } from '@gradstream/regularizers';
import { add, type Scalar, type Tensor } from '@tensorflow/tfjs-core';

/** What is minimized: the loss of the batch by its own reduction, plus the penalties of the weights that train and what layers added. */
export function objective(
  loss: Loss,
  model: Model,
  yTrue: Tensor,
  yPred: Tensor,
  added: readonly Scalar[] = [],
): Scalar {
  let total = computeLoss(loss, yTrue, yPred) as Scalar;
  for (const { path, regularizer, trainable, variable } of model.weights) {
    if (regularizer !== undefined && trainable) total = add(total, penalty(regularizer, variable, path)) as Scalar;
  }
  for (const term of added) total = add(total, term) as Scalar;
  return total;
}

/** Throws `GS_TRAIN_REDUCTION` for a loss that gives many values where training needs one. */
export function checkReduces(where: string, loss: Loss): void {
  if (loss.reduction !== 'none') return;
  throw new GradstreamError('GS_TRAIN_REDUCTION', {
    where,
    what: `The loss "${loss.name}" gives many values, and training needs one`,
    expected: 'a loss with the reduction sumOverBatchSize, sum or meanWithSampleWeight',
    received: 'the reduction none',
    next: 'Leave the reduction out.',
  });
}

/** The weights' tensors by path, as layers and optimizers take them. */
export function tensorsOf(weights: readonly Weight[]): Record<string, Weight['variable']> {
  return Object.fromEntries(weights.map(({ path, variable }) => [path, variable]));
}
