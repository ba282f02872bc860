import { cast, equal } from '@tensorflow/tfjs-core';
import { alignElementwise } from '../internal/align-targets.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * How often predictions are exactly the targets: the mean of `p == y` over all elements. Keras' `Accuracy`.
 *
 * It compares numbers, not scores: for class scores use the name `accuracy`, which chooses by shapes. Throws `GS_METRIC_SHAPE` for targets that do
 * not have the output's shape.
 */
export function accuracy(options: MetricOptions = {}): Metric {
  const where = 'objectives/accuracy';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'Accuracy', name, direction: 'up' }, (yTrue, yPred) => {
    const targets = alignElementwise('GS_METRIC_SHAPE', where, yTrue, yPred);
    return equal(targets.dtype === yPred.dtype ? targets : cast(targets, yPred.dtype), yPred);
  });
}
