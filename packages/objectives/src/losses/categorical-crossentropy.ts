import { probabilityCrossEntropy, softmaxCrossEntropy } from '@gradstream/autodiff';
import {
  checkBoolean,
  checkNumber,
  checkOptions,
  describeShape,
  GradstreamError,
  type HostArray,
  type Shape,
} from '@gradstream/core';
import { add, cast, mul, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { alignElementwise, fitsLabels, sameShape, shapeError } from '../internal/align-targets.js';
import { checkClassOutput } from '../internal/check-output.js';
import { checkFinite, checkValues, valueError } from '../internal/check-values.js';
import { epsilon } from '../internal/clip-probability.js';
import { filled } from '../internal/filled.js';
import type { Loss } from './loss-contract.js';

/** Options of `categoricalCrossentropy`. */
export interface CategoricalCrossentropyOptions {
  /** The output is logits instead of probabilities: the loss does the softmax. Default false. */
  readonly fromLogits?: boolean;
  /** How much of each target is spread evenly over the classes, in [0, 1]. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Cross-entropy of class probabilities and one-hot targets, both [..., classes]: `-sum(y * log(p))` over the last axis.
 *
 * Probabilities are divided by their sum and clipped to [1e-7, 1 - 1e-7], as Keras does on backends other than TensorFlow (which looks for
 * the logits behind a softmax). Smoothed targets are `y (1 - s) + s / classes`. `check` also refuses rows that do not sum to 1: an all-zero
 * row, which is what one-hot encoding makes of a label outside the classes, would have a loss of 0.
 */
export function categoricalCrossentropy(options: CategoricalCrossentropyOptions = {}): Loss {
  const where = 'objectives/categoricalCrossentropy';
  checkOptions(where, options, ['fromLogits', 'labelSmoothing']);
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  const labelSmoothing = checkNumber(where, 'labelSmoothing', options.labelSmoothing ?? 0, { min: 0, max: 1 });

  const smooth = (targets: Tensor): Tensor => {
    if (labelSmoothing === 0) return targets;
    return add(mul(targets, filled(1 - labelSmoothing)), filled(labelSmoothing / targets.shape.at(-1)!));
  };
  return {
    name: 'categoricalCrossentropy',
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const targets = smooth(alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred));
        if (fromLogits) return softmaxCrossEntropy(targets, yPred);
        const rows = targets.dtype === 'float32' ? targets : cast(targets, 'float32');
        return probabilityCrossEntropy(rows, yPred, epsilon);
      }),
    check: (targets, outputShape) => checkDistributions(where, targets, outputShape),
    checkOutput: (outputShape, activation) => checkClassOutput(where, outputShape, activation, fromLogits),
  };
}

function checkDistributions(where: string, targets: HostArray, outputShape: Shape): void {
  if (!sameShape(targets.shape, outputShape)) {
    if (!fitsLabels(targets.shape, outputShape)) throw shapeError('GS_LOSS_SHAPE', where, targets.shape, outputShape);
    throw new GradstreamError('GS_LOSS_SHAPE', {
      where,
      what: 'The targets are class indices where one-hot rows are expected',
      expected: describeShape(outputShape),
      received: describeShape(targets.shape),
      next: 'Use sparseCategoricalCrossentropy for class indices.',
    });
  }
  checkFinite(where, targets);
  checkValues(targets, (value) => value >= 0 && value <= 1, {
    code: 'GS_LOSS_TARGET',
    where,
    what: 'A target is no probability',
    expected: 'numbers from 0 to 1',
    next: 'One-hot encode the targets, or use meanSquaredError for plain numbers.',
  });
  const classes = targets.shape.at(-1)!;
  for (let start = 0; start < targets.values.length; start += classes) {
    let sum = 0;
    for (let i = start; i < start + classes; i++) sum += targets.values[i]!;
    if (Math.abs(sum - 1) <= 1e-3) continue;
    throw valueError(targets.shape.slice(0, -1), start / classes, `a row with the sum ${sum}`, {
      code: 'GS_LOSS_TARGET',
      where,
      what: 'A target is no distribution over the classes',
      expected: 'rows that sum to 1',
      next: 'A row of zeros comes from a label outside the classes. For several labels an example use binaryCrossentropy.',
    });
  }
}
