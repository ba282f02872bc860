import { add, mean, mul, softplus, sub } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of `log(cosh(p - y))` over all samples, computed as `d + softplus(-2 d) - log(2)`. Keras' `LogCoshError`, there called `logcosh`.
 *
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function logCoshError(options: MetricOptions = {}): Metric {
  const where = 'objectives/logCoshError';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'LogCoshError', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    const difference = sub(yPred, targets);
    return mean(sub(add(difference, softplus(mul(difference, filled(-2)))), filled(Math.LN2)), -1);
  });
}
