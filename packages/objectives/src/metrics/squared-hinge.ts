import { mean, mul, relu, square, sub } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import { signedLabels } from '../internal/hinge-labels.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of `max(1 - y * p, 0)^2` over all samples. Keras' `SquaredHinge`.
 *
 * Targets are -1 or 1; where a batch has 0 and 1 alone, as Keras decides it, 0 stands for -1.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function squaredHinge(options: MetricOptions = {}): Metric {
  const where = 'objectives/squaredHinge';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'SquaredHinge', name, direction: 'down' }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    return mean(square(relu(sub(filled(1), mul(signedLabels(targets), yPred)))), -1);
  });
}
