import { clipByValue, div, log, mul, sum } from '@tensorflow/tfjs-core';
import { epsilon } from '../internal/clip-probability.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of the Kullback-Leibler divergence from predictions to targets: `sum(y * log(y / p))` over the last axis, both clipped to [1e-7, 1]. Keras'
 * `KLDivergence`.
 *
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function klDivergence(options: MetricOptions = {}): Metric {
  const where = 'objectives/klDivergence';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'KLDivergence', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    const [y, p] = [clipByValue(targets, epsilon, 1), clipByValue(yPred, epsilon, 1)];
    return sum(mul(y, log(div(y, p))), -1);
  });
}
