import { log1p, maximum, mean, square, sub } from '@tensorflow/tfjs-core';
import { epsilon } from '../internal/clip-probability.js';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of squared differences of logarithms: `mean((log(1 + p) - log(1 + y))^2)`, both at least 1e-7. Keras' `MeanSquaredLogarithmicError`.
 *
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function meanSquaredLogarithmicError(options: MetricOptions = {}): Metric {
  const where = 'objectives/meanSquaredLogarithmicError';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'MeanSquaredLogarithmicError', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    const least = filled(epsilon);
    return mean(square(sub(log1p(maximum(yPred, least)), log1p(maximum(targets, least)))), -1);
  });
}
