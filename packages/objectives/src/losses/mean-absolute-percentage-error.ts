import { abs, div, maximum, mul, sign, sub } from '@tensorflow/tfjs-core';
import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import { filled } from '../internal/filled.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * The mean of absolute differences as a percentage of the target, over the last axis: `100 mean(|p - y| / max(|y|, 1e-7))`. Keras' `mape`.
 *
 * The gradient at a difference of 0 is 0. A target of 0 counts as 1e-7, as in Keras: its term is enormous, so use another loss where
 * targets can be 0. Targets have the output's shape; [batch] goes with [batch, 1].
 */
export function meanAbsolutePercentageError(options: LossOptions = {}): Loss {
  const where = 'objectives/meanAbsolutePercentageError';
  checkLossOptions(where, options);
  return {
    ...describeLoss('MeanAbsolutePercentageError', where, options),
    ...elementwiseLoss({
      where,
      terms: (p, y) => {
        const size = maximum(abs(y), filled(epsilon));
        const difference = sub(p, y);
        return {
          value: mul(abs(div(difference, size)), filled(100)),
          saved: [difference, size],
          slope: ([d, s]) => div(sign(d!), s!),
          factor: 100,
        };
      },
    }),
  };
}
