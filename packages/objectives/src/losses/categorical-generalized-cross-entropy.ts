import { checkNumber } from '@gradstream/core';
import { cast, div, expandDims, maximum, mul, oneHot, pow, sub, sum, tidy } from '@tensorflow/tfjs-core';
import { alignLabels } from '../internal/align-targets.js';
import { checkLabels } from '../internal/check-labels.js';
import { checkClassOutput } from '../internal/check-output.js';
import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { filled } from '../internal/filled.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/** Options of `categoricalGeneralizedCrossEntropy`. */
export interface CategoricalGeneralizedCrossEntropyOptions extends LossOptions {
  /** Between 0, the cross-entropy, and 1, the absolute error; neither itself. Default 0.5. */
  readonly q?: number;
}

/**
 * A cross-entropy that forgives wrong labels: `(1 - p[label]^q) / q` of class probabilities, [..., classes], and class indices, [...] or
 * [..., 1].
 *
 * Probabilities are neither divided by their sum nor clipped, as in Keras. The gradient, in Keras infinite at a probability of 0 and NaN
 * beside it, is computed there as at 1e-7. Labels [n, 1], which Keras broadcasts to a meaningless [n, n], are taken as [n]. Source: Zhang
 * and Sabuncu, 2018.
 */
export function categoricalGeneralizedCrossEntropy(options: CategoricalGeneralizedCrossEntropyOptions = {}): Loss {
  const where = 'objectives/categoricalGeneralizedCrossEntropy';
  checkLossOptions(where, options, ['q']);
  const q = checkNumber(where, 'q', options.q ?? 0.5, { min: 0, max: 1, exclusive: 'both' });
  return {
    ...describeLoss('CategoricalGeneralizedCrossEntropy', where, options, { q }),
    targetDtype: 'int32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const labels = cast(alignLabels('GS_LOSS_SHAPE', where, yTrue, yPred), 'int32');
        const chosen = cast(oneHot(labels, yPred.shape.at(-1)!), 'float32');
        return withGradient(yPred, (p) => {
          const probability = sum(mul(p, chosen), -1);
          return {
            value: div(sub(filled(1), pow(probability, filled(q))), filled(q)),
            saved: [chosen, probability],
            gradient: (dy, [c, x]) =>
              mul(c!, expandDims(mul(dy, mul(pow(maximum(x!, filled(epsilon)), filled(q - 1)), filled(-1))), -1)),
          };
        });
      }),
    check: (targets, outputShape) => checkLabels(where, targets, outputShape),
    checkOutput: (outputShape, activation) => checkClassOutput(where, outputShape, activation, undefined),
  };
}
