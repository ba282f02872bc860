import { probabilityCrossEntropy, sparseSoftmaxCrossEntropy } from '@gradstream/autodiff';
import { checkBoolean, checkOptions } from '@gradstream/core';
import { cast, tidy } from '@tensorflow/tfjs-core';
import { alignLabels, fitsLabels, labelShapeError } from '../internal/align-targets.js';
import { checkClassOutput } from '../internal/check-output.js';
import { checkValues } from '../internal/check-values.js';
import { epsilon } from '../internal/clip-probability.js';
import type { Loss } from './loss-contract.js';

/** Options of `sparseCategoricalCrossentropy`. */
export interface SparseCategoricalCrossentropyOptions {
  /** The output is logits instead of probabilities: the loss does the softmax. Default false. */
  readonly fromLogits?: boolean;
}

/**
 * Cross-entropy of class probabilities, [..., classes], and class indices, [...] or [..., 1]: `-log(p[label])`.
 *
 * Probabilities are divided by their sum and clipped to [1e-7, 1 - 1e-7], as Keras does on backends other than TensorFlow. `check` refuses
 * labels that are no class (Keras gives them a loss of 0 or NaN); on the device alone, in `call`, such a label has a loss of 0.
 */
export function sparseCategoricalCrossentropy(options: SparseCategoricalCrossentropyOptions = {}): Loss {
  const where = 'objectives/sparseCategoricalCrossentropy';
  checkOptions(where, options, ['fromLogits']);
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  return {
    name: 'sparseCategoricalCrossentropy',
    targetDtype: 'int32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const aligned = alignLabels('GS_LOSS_SHAPE', where, yTrue, yPred);
        const labels = aligned.dtype === 'int32' ? aligned : cast(aligned, 'int32');
        return fromLogits ? sparseSoftmaxCrossEntropy(labels, yPred) : probabilityCrossEntropy(labels, yPred, epsilon);
      }),
    check: (targets, outputShape) => {
      if (!fitsLabels(targets.shape, outputShape))
        throw labelShapeError('GS_LOSS_SHAPE', where, targets.shape, outputShape);
      const classes = outputShape.at(-1) ?? Number.POSITIVE_INFINITY;
      checkValues(targets, (label) => Number.isInteger(label) && label >= 0 && label < classes, {
        code: 'GS_LOSS_LABEL',
        where,
        what: `A label is none of the ${classes} classes`,
        expected: `integers from 0 to ${classes - 1}`,
        next: 'Count classes from 0, or give the last layer one unit for each class.',
      });
    },
    checkOutput: (outputShape, activation) => checkClassOutput(where, outputShape, activation, fromLogits),
  };
}
