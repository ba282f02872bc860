import { probabilityCrossEntropy, softmaxCrossEntropy } from '@gradstream/autodiff';
import { checkBoolean, checkNumber } from '@gradstream/core';
import { cast, tidy } from '@tensorflow/tfjs-core';
import { alignElementwise } from '../internal/align-targets.js';
import { checkDistributions } from '../internal/check-distributions.js';
import { checkClassOutput } from '../internal/check-output.js';
import { classesLast } from '../internal/classes-last.js';
import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { smoothLabels } from '../internal/smooth-labels.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/** Options of `categoricalCrossentropy`. */
export interface CategoricalCrossentropyOptions extends LossOptions {
  /** The output is logits instead of probabilities: the loss does the softmax. Default false. */
  readonly fromLogits?: boolean;
  /** How much of each target is spread evenly over the classes, in [0, 1]. Default 0. */
  readonly labelSmoothing?: number;
  /** The axis of the classes. Default -1. */
  readonly axis?: number;
}

/**
 * Cross-entropy of class probabilities and one-hot targets, both [..., classes]: `-sum(y * log(p))` over the axis of the classes, by
 * default the last.
 *
 * Probabilities are divided by their sum and clipped to [1e-7, 1 - 1e-7], as Keras does on backends other than TensorFlow (which looks for
 * the logits behind a softmax). Smoothed targets are `y (1 - s) + s / classes`; Keras divides by the size of the last axis even where the
 * classes lie on another. `check` also refuses rows that do not sum to 1: an all-zero row, which is what one-hot encoding makes of a label
 * outside the classes, would have a loss of 0.
 */
export function categoricalCrossentropy(options: CategoricalCrossentropyOptions = {}): Loss {
  const where = 'objectives/categoricalCrossentropy';
  checkLossOptions(where, options, ['fromLogits', 'labelSmoothing', 'axis']);
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  const labelSmoothing = checkNumber(where, 'labelSmoothing', options.labelSmoothing ?? 0, { min: 0, max: 1 });
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  return {
    ...describeLoss('CategoricalCrossentropy', where, options, { fromLogits, labelSmoothing, axis }),
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const scores = classesLast(where, axis, yPred);
        const rows = classesLast(where, axis, alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred));
        const smooth = smoothLabels(rows, labelSmoothing, rows.shape.at(-1)!);
        const targets = smooth.dtype === 'float32' ? smooth : cast(smooth, 'float32');
        return fromLogits ? softmaxCrossEntropy(targets, scores) : probabilityCrossEntropy(targets, scores, epsilon);
      }),
    check: (targets, outputShape) => checkDistributions(where, targets, outputShape, axis),
    checkOutput: (outputShape, activation) => checkClassOutput(where, outputShape, activation, fromLogits, axis),
  };
}
