import { mul, relu, square, sub } from '@tensorflow/tfjs-core';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import { filled } from '../internal/filled.js';
import { checkHingeLabels, signedLabels } from '../internal/hinge-labels.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * The squared distance from the right side of the margin, the mean over the last axis: `mean(max(1 - y p, 0)^2)`.
 *
 * Labels are -1 and 1; those of a batch that holds nothing but 0 and 1 are moved there, as in Keras. `check` refuses anything else, also a
 * batch with both -1 and 0. Labels have the output's shape; [batch] goes with [batch, 1].
 */
export function squaredHinge(options: LossOptions = {}): Loss {
  const where = 'objectives/squaredHinge';
  checkLossOptions(where, options);
  return {
    ...describeLoss('SquaredHinge', where, options),
    ...elementwiseLoss({
      where,
      terms: (p, y) => {
        const labels = signedLabels(y);
        const short = relu(sub(filled(1), mul(labels, p)));
        return { value: square(short), saved: [labels, short], slope: ([l, s]) => mul(l!, s!), factor: -2 };
      },
      checkTargets: (targets) => checkHingeLabels(where, targets),
    }),
  };
}
