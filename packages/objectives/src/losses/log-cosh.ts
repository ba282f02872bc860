import { abs, add, expm1, log1p, mul, sub, tanh } from '@tensorflow/tfjs-core';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import { filled } from '../internal/filled.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * The logarithm of the hyperbolic cosine of the difference, the mean over the last axis: `mean(log(cosh(p - y)))`.
 *
 * About `d^2 / 2` for small differences and `|d| - log(2)` for large ones. Computed as `|d| + log1p(expm1(-2 |d|) / 2)`, which does not
 * overflow and keeps more digits of small differences than Keras' `d + softplus(-2 d) - log(2)`. Targets have the output's shape; [batch]
 * goes with [batch, 1].
 */
export function logCosh(options: LossOptions = {}): Loss {
  const where = 'objectives/logCosh';
  checkLossOptions(where, options);
  return {
    ...describeLoss('LogCosh', where, options),
    ...elementwiseLoss({
      where,
      terms: (p, y) => {
        const difference = sub(p, y);
        const size = abs(difference);
        return {
          value: add(size, log1p(mul(expm1(mul(size, filled(-2))), filled(0.5)))),
          saved: [difference],
          slope: ([d]) => tanh(d!),
        };
      },
    }),
  };
}
