import { add, cast, div, greater, log1p, maximum, mul, square, sub } from '@tensorflow/tfjs-core';
import { checkNotNegative } from '../internal/check-values.js';
import { epsilon } from '../internal/clip-probability.js';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import { filled } from '../internal/filled.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * The mean of squared differences of logarithms over the last axis: `mean((log(1 + max(p, 1e-7)) - log(1 + max(y, 1e-7)))^2)`. Keras'
 * `msle`.
 *
 * Predictions at and below 1e-7 have no gradient. `check` refuses negative targets, which Keras counts as 1e-7. Targets have the output's
 * shape; [batch] goes with [batch, 1].
 */
export function meanSquaredLogarithmicError(options: LossOptions = {}): Loss {
  const where = 'objectives/meanSquaredLogarithmicError';
  checkLossOptions(where, options);
  return {
    ...describeLoss('MeanSquaredLogarithmicError', where, options),
    ...elementwiseLoss({
      where,
      terms: (p, y) => {
        const least = filled(epsilon);
        const difference = sub(log1p(maximum(p, least)), log1p(maximum(y, least)));
        return {
          value: square(difference),
          saved: [p, difference],
          slope: ([x, d]) =>
            div(mul(d!, cast(greater(x!, filled(epsilon)), 'float32')), add(maximum(x!, filled(epsilon)), filled(1))),
          factor: 2,
        };
      },
      checkTargets: (targets) => checkNotNegative(where, targets),
    }),
  };
}
