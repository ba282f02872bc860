import { div, expandDims, log, maximum, minimum, mul, neg, sum, tidy } from '@tensorflow/tfjs-core';
import { alignElementwise } from '../internal/align-targets.js';
import { checkDistributions } from '../internal/check-distributions.js';
import { checkClassOutput } from '../internal/check-output.js';
import { epsilon, unclipped } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { filled } from '../internal/filled.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * The Kullback-Leibler divergence of the predicted distribution from the true one, both [..., classes]: `sum(y log(y / p))` over the last
 * axis.
 *
 * Both are clipped to [1e-7, 1], as in Keras. `check` refuses rows that do not sum to 1.
 */
export function klDivergence(options: LossOptions = {}): Loss {
  const where = 'objectives/klDivergence';
  checkLossOptions(where, options);
  return {
    ...describeLoss('KLDivergence', where, options),
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const least = filled(epsilon);
        const most = filled(1);
        const y = minimum(maximum(alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred), least), most);
        return withGradient(yPred, (p) => {
          const clipped = minimum(maximum(p, least), most);
          return {
            value: sum(mul(y, log(div(y, clipped))), -1),
            saved: [y, p, clipped],
            gradient: (dy, [t, original, q]) =>
              mul(mul(div(t!, q!), unclipped(original!, q!)), expandDims(neg(dy), -1)),
          };
        });
      }),
    check: (targets, outputShape) => checkDistributions(where, targets, outputShape),
    checkOutput: (outputShape, activation) => checkClassOutput(where, outputShape, activation, undefined),
  };
}
