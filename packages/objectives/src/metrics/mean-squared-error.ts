import { mean, square, sub } from '@tensorflow/tfjs-core';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of squared differences over all samples: `mean((p - y)^2)`. Keras' `MeanSquaredError`.
 *
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function meanSquaredError(options: MetricOptions = {}): Metric {
  const where = 'objectives/meanSquaredError';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'MeanSquaredError', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    return mean(square(sub(yPred, targets)), -1);
  });
}
