import { add, max, mul, relu, sub, sum } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of `max(largest other score - score of the class + 1, 0)`, with one-hot targets [..., classes]: `max(max((1 - y) p) - sum(y p) + 1, 0)`.
 * Keras' `CategoricalHinge`.
 *
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function categoricalHinge(options: MetricOptions = {}): Metric {
  const where = 'objectives/categoricalHinge';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'CategoricalHinge', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    const positive = sum(mul(targets, yPred), -1);
    const negative = max(mul(sub(filled(1), targets), yPred), -1);
    return relu(add(sub(negative, positive), filled(1)));
  });
}
