import { checkBoolean, checkNumber } from '@gradstream/core';
import { abs, add, div, log, mul, neg, relu, sigmoid, softplus, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkActivation, checkSigmoidOutput } from '../internal/check-output.js';
import { checkProbabilities } from '../internal/check-values.js';
import { clipProbability, unclipped } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss, type ElementwiseTerms } from '../internal/elementwise-loss.js';
import { filled } from '../internal/filled.js';
import { smoothLabels } from '../internal/smooth-labels.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/** Options of `binaryCrossentropy`. */
export interface BinaryCrossentropyOptions extends LossOptions {
  /** The output is logits instead of probabilities: the loss does the sigmoid. Default false. */
  readonly fromLogits?: boolean;
  /** How far targets move towards 0.5, in [0, 1]. Default 0. */
  readonly labelSmoothing?: number;
  /** The axis that the mean is taken over. Default -1. */
  readonly axis?: number;
}

/**
 * Cross-entropy of independent yes-or-no probabilities: `-(y log(p) + (1 - y) log(1 - p))`, the mean over an axis, by default the last.
 *
 * Targets are from 0 to 1 and have the output's shape; [batch] goes with [batch, 1]. Probabilities are clipped to [1e-7, 1 - 1e-7], as Keras
 * does on backends other than TensorFlow. From logits: `max(x, 0) - x y + log(1 + exp(-|x|))`. Smoothed targets are `y (1 - s) + s / 2`.
 */
export function binaryCrossentropy(options: BinaryCrossentropyOptions = {}): Loss {
  const where = 'objectives/binaryCrossentropy';
  checkLossOptions(where, options, ['fromLogits', 'labelSmoothing', 'axis']);
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  const labelSmoothing = checkNumber(where, 'labelSmoothing', options.labelSmoothing ?? 0, { min: 0, max: 1 });
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  const terms = fromLogits ? ofLogits : ofProbabilities;
  return {
    ...describeLoss('BinaryCrossentropy', where, options, { fromLogits, labelSmoothing, axis }),
    ...elementwiseLoss({
      where,
      axis,
      terms: (p, y) => terms(p, smoothLabels(y, labelSmoothing, 2)),
      checkTargets: (targets) => checkProbabilities(where, targets, encodeBinary),
    }),
    checkOutput: (outputShape, activation) => {
      checkSigmoidOutput(where, outputShape, activation);
      checkActivation(where, activation, fromLogits, 'sigmoid');
    },
  };
}

const encodeBinary = 'Encode no as 0 and yes as 1; for class indices use sparseCategoricalCrossentropy.';

function ofProbabilities(p: Tensor, targets: Tensor): ElementwiseTerms {
  const one = filled(1);
  const clipped = clipProbability(p);
  const yes = mul(targets, log(clipped));
  const no = mul(sub(one, targets), log(sub(one, clipped)));
  return {
    value: neg(add(yes, no)),
    saved: [targets, p, clipped],
    // d/dp = (p - y) / (p (1 - p)) where the clip leaves p alone.
    slope: ([t, original, q]) => mul(div(sub(q!, t!), mul(q!, sub(filled(1), q!))), unclipped(original!, q!)),
  };
}

function ofLogits(x: Tensor, targets: Tensor): ElementwiseTerms {
  return {
    value: add(sub(relu(x), mul(x, targets)), softplus(neg(abs(x)))),
    saved: [targets, x],
    slope: ([t, original]) => sub(sigmoid(original!), t!),
  };
}
