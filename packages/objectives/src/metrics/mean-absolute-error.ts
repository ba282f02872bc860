import { abs, mean, sub } from '@tensorflow/tfjs-core';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of absolute differences over all samples: `mean(|p - y|)`. Keras' `MeanAbsoluteError`.
 *
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function meanAbsoluteError(options: MetricOptions = {}): Metric {
  const where = 'objectives/meanAbsoluteError';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'MeanAbsoluteError', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    return mean(abs(sub(yPred, targets)), -1);
  });
}
