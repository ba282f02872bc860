import { probabilityCrossEntropy, sparseSoftmaxCrossEntropy } from '@gradstream/autodiff';
import { checkBoolean, checkNumber } from '@gradstream/core';
import { cast, mul, notEqual, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { alignLabels } from '../internal/align-targets.js';
import { checkLabels } from '../internal/check-labels.js';
import { checkClassOutput } from '../internal/check-output.js';
import { classesLast } from '../internal/classes-last.js';
import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { filled } from '../internal/filled.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/** Options of `sparseCategoricalCrossentropy`. */
export interface SparseCategoricalCrossentropyOptions extends LossOptions {
  /** The output is logits instead of probabilities: the loss does the softmax. Default false. */
  readonly fromLogits?: boolean;
  /** A label whose positions count for nothing, as 255 for the borders of a segmentation; need not be a class. Default: none. */
  readonly ignoreClass?: number | null;
  /** The axis of the classes. Default -1. */
  readonly axis?: number;
}

/**
 * Cross-entropy of class probabilities, [..., classes], and class indices, [...] or [..., 1]: `-log(p[label])`.
 *
 * Probabilities are divided by their sum and clipped to [1e-7, 1 - 1e-7], as Keras does on backends other than TensorFlow. `check` refuses
 * labels that are no class (Keras gives them a loss of 0 or NaN); on the device alone, in `call`, such a label has a loss of 0.
 *
 * Positions with the label `ignoreClass` have the loss 0 and are not counted in a mean over the values. With another `axis` than the last,
 * Keras takes only labels whose shape happens to be the output's without its last axis; here they have the output's shape without the axis.
 * Keras leaves `axis` out of its config; here it is in.
 */
export function sparseCategoricalCrossentropy(options: SparseCategoricalCrossentropyOptions = {}): Loss {
  const where = 'objectives/sparseCategoricalCrossentropy';
  checkLossOptions(where, options, ['fromLogits', 'ignoreClass', 'axis']);
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  const ignoreClass = options.ignoreClass ?? null;
  if (ignoreClass !== null) checkNumber(where, 'ignoreClass', ignoreClass, { integer: true });
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });

  const labelsOf = (yTrue: Tensor, scores: Tensor): Tensor => {
    const moved = yTrue.rank === scores.rank ? classesLast(where, axis, yTrue) : yTrue;
    const aligned = alignLabels('GS_LOSS_SHAPE', where, moved, scores);
    return aligned.dtype === 'int32' ? aligned : cast(aligned, 'int32');
  };
  const counted = (labels: Tensor): Tensor => cast(notEqual(labels, filled(ignoreClass!, 'int32')), 'int32');
  const crossentropy = (labels: Tensor, scores: Tensor): Tensor =>
    fromLogits ? sparseSoftmaxCrossEntropy(labels, scores) : probabilityCrossEntropy(labels, scores, epsilon);
  return {
    ...describeLoss('SparseCategoricalCrossentropy', where, options, { fromLogits, ignoreClass, axis }),
    targetDtype: 'int32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const scores = classesLast(where, axis, yPred);
        const labels = labelsOf(yTrue, scores);
        if (ignoreClass === null) return crossentropy(labels, scores);
        const mask = counted(labels);
        // An ignored label may be no class: it is computed as class 0 and then taken away.
        return masked(crossentropy(mul(labels, mask), scores), cast(mask, 'float32'));
      }),
    ...(ignoreClass === null
      ? {}
      : {
          mask: (yTrue: Tensor, yPred: Tensor) => tidy(() => counted(labelsOf(yTrue, classesLast(where, axis, yPred)))),
        }),
    check: (targets, outputShape) => checkLabels(where, targets, outputShape, { axis, ignoreClass }),
    checkOutput: (outputShape, activation) => checkClassOutput(where, outputShape, activation, fromLogits, axis),
  };
}

/** Values times a mask, with the gradient of that. */
function masked(values: Tensor, mask: Tensor): Tensor {
  return withGradient(values, (v) => ({ value: mul(v, mask), saved: [mask], gradient: (dy, [m]) => mul(dy, m!) }));
}
