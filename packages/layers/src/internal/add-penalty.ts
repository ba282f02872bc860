import { penalty } from '@gradstream/regularizers';
import { div, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { CallContext, Layer } from '../layer.js';

/** Adds the penalty on a layer's outputs to the loss, by sample: it does not grow with the batch. */
export function addPenalty({ activityRegularizer }: Layer, outputs: readonly Tensor[], { addLoss }: CallContext): void {
  if (activityRegularizer === undefined || addLoss === undefined) return;
  for (const output of outputs)
    addLoss(div(penalty(activityRegularizer, output, 'activity'), output.shape[0] ?? 1) as Scalar);
}
