import { abs, div, maximum, mean, mul, sub } from '@tensorflow/tfjs-core';
import { epsilon } from '../internal/clip-probability.js';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of differences in percent of the target: `100 * mean(|p - y| / max(|y|, 1e-7))`. Keras' `MeanAbsolutePercentageError`.
 *
 * A target of 0 makes it very large.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function meanAbsolutePercentageError(options: MetricOptions = {}): Metric {
  const where = 'objectives/meanAbsolutePercentageError';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'MeanAbsolutePercentageError', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    const share = div(abs(sub(yPred, targets)), maximum(abs(targets), filled(epsilon)));
    return mul(mean(share, -1), filled(100));
  });
}
