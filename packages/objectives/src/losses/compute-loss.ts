import { checkOptions } from '@gradstream/core';
import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, joinWeights } from '../internal/align-weights.js';
import type { Loss } from './loss-contract.js';
import { reduceLoss, type LossWeights } from './reduce-loss.js';

/**
 * The loss of predictions as Keras' `loss(yTrue, yPred, sampleWeight)` gives it: a scalar, or with the reduction `none` one weighed value a
 * sample element.
 *
 * What the loss itself leaves out (`ignoreClass`, a circle loss of 0) and what `mask` leaves out is not counted. Throws what `loss.call`
 * and `reduceLoss` throw. Differentiable with respect to `yPred` by the gradients of tfjs operations (`registerGradients` of
 * @gradstream/autodiff).
 */
export function computeLoss(loss: Loss, yTrue: Tensor, yPred: Tensor, weights: LossWeights = {}): Tensor {
  const where = 'objectives/computeLoss';
  checkOptions(where, weights, ['sampleWeight', 'mask']);
  return tidy(() => {
    const values = loss.call(yTrue, yPred);
    if (weights.mask !== undefined) checkTensor(where, 'mask', weights.mask);
    const mask = joinWeights(where, weights.mask, loss.mask?.(yTrue, yPred, values));
    return reduceLoss(values, {
      ...(loss.reduction === undefined ? {} : { reduction: loss.reduction }),
      ...(weights.sampleWeight === undefined ? {} : { sampleWeight: weights.sampleWeight }),
      ...(mask === undefined ? {} : { mask }),
    });
  });
}
