import { sqrt, square, sub, tidy } from '@tensorflow/tfjs-core';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The root of the mean of squared differences over all samples: `sqrt(mean((p - y)^2))`. Keras' `RootMeanSquaredError`.
 *
 * The root is taken of the mean over all batches, not averaged.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function rootMeanSquaredError(options: MetricOptions = {}): Metric {
  const where = 'objectives/rootMeanSquaredError';
  const name = checkMetricOptions(where, options, []);
  const squares = meanOf({ type: 'RootMeanSquaredError', name, direction: 'down' }, (yTrue, yPred) =>
    square(sub(yPred, alignValues(where, yTrue, yPred))),
  );
  return { ...squares, result: (state) => tidy(() => sqrt(squares.result(state))) };
}
