import { argMax, equal } from '@tensorflow/tfjs-core';
import { sameShape, shapeError } from '../internal/align-targets.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of an accuracy. */
export type AccuracyOptions = MetricOptions;

/**
 * How often the largest class score is where the one-hot target has its 1, both [..., classes]. Keras' `CategoricalAccuracy`.
 *
 * Of equal scores the first counts. A NaN is never the largest, but in a row's first place it counts as if it were: watch the loss for NaN.
 * Throws `GS_METRIC_SHAPE` for shapes that are not equal.
 */
export function categoricalAccuracy(options: AccuracyOptions = {}): Metric {
  const where = 'objectives/categoricalAccuracy';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'CategoricalAccuracy', name, direction: 'up' }, (yTrue, yPred) => {
    if (!sameShape(yTrue.shape, yPred.shape)) throw shapeError('GS_METRIC_SHAPE', where, yTrue.shape, yPred.shape);
    return equal(argMax(yTrue, -1), argMax(yPred, -1));
  });
}
