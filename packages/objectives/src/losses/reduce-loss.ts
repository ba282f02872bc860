import { wholeMean } from '@gradstream/autodiff';
import { checkNumber, checkOptions } from '@gradstream/core';
import { cast, mul, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { alignWeights, asNumbers, checkTensor, joinWeights } from '../internal/align-weights.js';
import { filled } from '../internal/filled.js';
import { inverseOrZero } from '../internal/inverse-or-zero.js';
import { reductionOf, type Reduction } from './reduction.js';

/** What values are weighed with. */
export interface LossWeights {
  /**
   * A number for each sample, for each value, or one for all. [batch] goes with values [batch, ...], as do [batch, 1] and the values' own
   * shape. Not differentiated.
   */
  readonly sampleWeight?: Tensor | number;
  /** Which values count: a tensor in whose shape, as that of the weights, 0 or false leaves a value out. */
  readonly mask?: Tensor;
}

/** Options of `reduceLoss`. */
export interface ReduceLossOptions extends LossWeights {
  /** How values become one number; null is `none`. Default `sumOverBatchSize`. */
  readonly reduction?: Reduction | null;
}

/**
 * Makes one number of the values of a loss, with Keras' rules for sample weights and masks.
 *
 * Values are multiplied by the weights. `sumOverBatchSize` divides the sum by the number of values, whatever the weights; with a mask, by
 * the number of masked-in values (the weights are multiplied by all / valid of the mask). `meanWithSampleWeight` divides by the sum of
 * weights times mask in their own shape, before they are spread over the values; a divisor of 0 gives 0. A scalar is given back as it is,
 * times its weight.
 *
 * Weights line up with the first axes of the values: Keras, where [batch] meets values [batch, n], fails, or weighs along the wrong axis if
 * n is batch. Throws `GS_LOSS_WEIGHT` for weights or a mask that do not fit, `GS_OPTION_VALUE` for a reduction that is none. Differentiable
 * with respect to `values`, by the gradients of tfjs operations (`registerGradients` of @gradstream/autodiff).
 */
export function reduceLoss(values: Tensor, options: ReduceLossOptions = {}): Tensor {
  const where = 'objectives/reduceLoss';
  checkOptions(where, options, ['reduction', 'sampleWeight', 'mask']);
  const reduction = reductionOf(where, options.reduction);
  return tidy(() => {
    checkTensor(where, 'values', values);
    const numbers = asNumbers(values);
    const weight = joinWeights(
      where,
      options.mask === undefined ? undefined : maskWeight(where, options.mask, reduction),
      weightTensor(where, options.sampleWeight),
    );
    if (weight === undefined) {
      const result = reduced(numbers, reduction);
      // The caller owns what it gets: never its own tensor.
      return result === values ? values.clone() : result;
    }
    const [aligned, weights] = alignWeights(where, numbers, weight);
    return reduced(mul(aligned, weights), reduction, weights);
  });
}

function weightTensor(where: string, given: Tensor | number | undefined): Tensor | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'number') return filled(checkNumber(where, 'sampleWeight', given));
  checkTensor(where, 'sampleWeight', given);
  return asNumbers(given);
}

function maskWeight(where: string, mask: Tensor, reduction: Reduction): Tensor {
  checkTensor(where, 'mask', mask);
  const counts = cast(mask.dtype === 'bool' ? mask : cast(mask, 'bool'), 'float32');
  if (reduction !== 'sumOverBatchSize' && reduction !== 'mean') return counts;
  return mul(counts, mul(inverseOrZero(sum(counts)), filled(mask.size)));
}

function reduced(values: Tensor, reduction: Reduction, weights?: Tensor): Tensor {
  if (reduction === 'none' || values.rank === 0) return values;
  // The mean of nothing is 0, as in Keras.
  if (reduction === 'sum' || values.size === 0) return sum(values);
  if (reduction === 'meanWithSampleWeight' && weights !== undefined)
    return mul(sum(values), inverseOrZero(sum(weights)));
  return wholeMean(values);
}
