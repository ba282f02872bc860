import { checkOptions } from '@gradstream/core';
import { argMax, equal } from '@tensorflow/tfjs-core';
import { sameShape, shapeError } from '../internal/align-targets.js';
import { meanMetric } from './mean-metric.js';
import type { Metric } from './metric-contract.js';

/** Options of an accuracy. */
export interface AccuracyOptions {
  /** Default: the name of the function that makes it. */
  readonly name?: string;
}

/**
 * How often the largest class score is where the one-hot target has its 1, both [..., classes]. Keras' `CategoricalAccuracy`.
 *
 * Of equal scores the first counts. A NaN is never the largest, but in a row's first place it counts as if it were: watch the loss for NaN.
 * Throws `GS_METRIC_SHAPE` for shapes that are not equal.
 */
export function categoricalAccuracy(options: AccuracyOptions = {}): Metric {
  const where = 'objectives/categoricalAccuracy';
  checkOptions(where, options, ['name']);
  return meanMetric(options.name ?? 'categoricalAccuracy', (yTrue, yPred) => {
    if (!sameShape(yTrue.shape, yPred.shape)) throw shapeError('GS_METRIC_SHAPE', where, yTrue.shape, yPred.shape);
    return equal(argMax(yTrue, -1), argMax(yPred, -1));
  });
}
