import { GradstreamError } from '@gradstream/core';
import type { Model, Weight } from '@gradstream/layers';
import { computeLoss, type Loss } from '@gradstream/objectives';
import { penalty } from '@gradstream/regularizers';
import { add, type Scalar, type Tensor } from '@tensorflow/tfjs-core';

/**
 * What is minimized: the loss of the batch by its own reduction, by default the mean of its values, plus the penalties of the weights that train. Throws
 * `GS_TRAIN_REDUCTION` where the loss gives no single number.
 */
export function objective(loss: Loss, model: Model, yTrue: Tensor, yPred: Tensor): Scalar {
  let total = computeLoss(loss, yTrue, yPred) as Scalar;
  if (total.rank !== 0) {
    throw new GradstreamError('GS_TRAIN_REDUCTION', {
      where: `objectives/loss "${loss.name}"`,
      what: 'The loss gives many values, and training needs one',
      expected: 'a loss with the reduction sumOverBatchSize, sum or meanWithSampleWeight',
      received: `the reduction ${loss.reduction}`,
      next: 'Leave the reduction out.',
    });
  }
  for (const { path, regularizer, trainable, variable } of model.weights) {
    if (regularizer !== undefined && trainable) total = add(total, penalty(regularizer, variable, path)) as Scalar;
  }
  return total;
}

/** The weights' tensors by path, as layers and optimizers take them. */
export function tensorsOf(weights: readonly Weight[]): Record<string, Weight['variable']> {
  return Object.fromEntries(weights.map(({ path, variable }) => [path, variable]));
}
