import { add, log, mean, mul, sub } from '@tensorflow/tfjs-core';
import { epsilon } from '../internal/clip-probability.js';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of `p - y * log(p + 1e-7)` over all samples. Keras' `Poisson`.
 *
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function poisson(options: MetricOptions = {}): Metric {
  const where = 'objectives/poisson';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'Poisson', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    return mean(sub(yPred, mul(targets, log(add(yPred, filled(epsilon))))), -1);
  });
}
