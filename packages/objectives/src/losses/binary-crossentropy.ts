import { checkBoolean, checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import {
  abs,
  add,
  div,
  expandDims,
  log,
  mean,
  mul,
  neg,
  relu,
  sigmoid,
  softplus,
  sub,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { alignElementwise, fitsElementwise, shapeError } from '../internal/align-targets.js';
import { checkActivation } from '../internal/check-output.js';
import { checkFinite, checkValues } from '../internal/check-values.js';
import { clipProbability, unclipped } from '../internal/clip-probability.js';
import { filled } from '../internal/filled.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';

/** Options of `binaryCrossentropy`. */
export interface BinaryCrossentropyOptions {
  /** The output is logits instead of probabilities: the loss does the sigmoid. Default false. */
  readonly fromLogits?: boolean;
  /** How far targets move towards 0.5, in [0, 1]. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Cross-entropy of independent yes-or-no probabilities: `-(y log(p) + (1 - y) log(1 - p))`, the mean over the last axis.
 *
 * Targets are from 0 to 1 and have the output's shape; [batch] goes with [batch, 1]. Probabilities are clipped to [1e-7, 1 - 1e-7], as Keras
 * does on backends other than TensorFlow. From logits: `max(x, 0) - x y + log(1 + exp(-|x|))`. Smoothed targets are `y (1 - s) + s / 2`.
 */
export function binaryCrossentropy(options: BinaryCrossentropyOptions = {}): Loss {
  const where = 'objectives/binaryCrossentropy';
  checkOptions(where, options, ['fromLogits', 'labelSmoothing']);
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  const labelSmoothing = checkNumber(where, 'labelSmoothing', options.labelSmoothing ?? 0, { min: 0, max: 1 });

  const smooth = (targets: Tensor): Tensor =>
    labelSmoothing === 0 ? targets : add(mul(targets, filled(1 - labelSmoothing)), filled(labelSmoothing / 2));
  return {
    name: 'binaryCrossentropy',
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() =>
        (fromLogits ? ofLogits : ofProbabilities)(
          smooth(alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred)),
          yPred,
        ),
      ),
    check: (targets, outputShape) => {
      if (!fitsElementwise(targets.shape, outputShape))
        throw shapeError('GS_LOSS_SHAPE', where, targets.shape, outputShape);
      checkFinite(where, targets);
      checkValues(targets, (value) => value >= 0 && value <= 1, {
        code: 'GS_LOSS_TARGET',
        where,
        what: 'A target is no probability',
        expected: 'numbers from 0 to 1',
        next: 'Encode no as 0 and yes as 1; for class indices use sparseCategoricalCrossentropy.',
      });
    },
    checkOutput: (outputShape, activation) => {
      if (activation === 'softmax' && outputShape.at(-1) === 1) {
        throw new GradstreamError('GS_LOSS_OUTPUT', {
          where,
          what: 'A softmax over one unit is always 1, so there is nothing to train',
          expected: 'an output with the activation sigmoid',
          received: 'the activation softmax on an output of width 1',
          next: 'Give the last layer the activation sigmoid.',
        });
      }
      checkActivation(where, activation, fromLogits, 'sigmoid');
    },
  };
}

function ofProbabilities(targets: Tensor, probabilities: Tensor): Tensor {
  return withGradient(probabilities, (p) => {
    const one = filled(1);
    const clipped = clipProbability(p);
    const yes = mul(targets, log(clipped));
    const no = mul(sub(one, targets), log(sub(one, clipped)));
    return {
      value: neg(mean(add(yes, no), -1)),
      saved: [targets, p, clipped],
      // d/dp = (p - y) / (p (1 - p)) where the clip leaves p alone.
      gradient: (dy, [t, original, q]) => {
        const slope = div(sub(q!, t!), mul(q!, sub(filled(1), q!)));
        return mul(mul(slope, unclipped(original!, q!)), share(dy, original!));
      },
    };
  });
}

function ofLogits(targets: Tensor, logits: Tensor): Tensor {
  return withGradient(logits, (x) => ({
    value: mean(add(sub(relu(x), mul(x, targets)), softplus(neg(abs(x)))), -1),
    saved: [targets, x],
    gradient: (dy, [t, original]) => mul(sub(sigmoid(original!), t!), share(dy, original!)),
  }));
}

/** The gradient of a mean over the last axis of `x`, without the slope of what was averaged. */
function share(dy: Tensor, x: Tensor): Tensor {
  return expandDims(div(dy, filled(x.shape.at(-1)!)), -1);
}
