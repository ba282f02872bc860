import { add, div, log, mul, sub } from '@tensorflow/tfjs-core';
import { checkPositiveOutput } from '../internal/check-output.js';
import { checkNotNegative } from '../internal/check-values.js';
import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import { filled } from '../internal/filled.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * The loss of counts and predicted rates, without the terms that do not depend on the rate: `mean(p - y log(p + 1e-7))` over the last axis.
 *
 * Rates are positive: `checkOutput` refuses activations that go below 0, whose logarithm is NaN in Keras. `check` refuses negative counts.
 * Targets have the output's shape; [batch] goes with [batch, 1].
 */
export function poisson(options: LossOptions = {}): Loss {
  const where = 'objectives/poisson';
  checkLossOptions(where, options);
  return {
    ...describeLoss('Poisson', where, options),
    ...elementwiseLoss({
      where,
      terms: (p, y) => {
        const shifted = add(p, filled(epsilon));
        return {
          value: sub(p, mul(y, log(shifted))),
          saved: [y, shifted],
          slope: ([t, s]) => sub(filled(1), div(t!, s!)),
        };
      },
      checkTargets: (targets) => checkNotNegative(where, targets),
    }),
    checkOutput: (_, activation) => checkPositiveOutput(where, activation),
  };
}
