import { checkNumber } from '@gradstream/core';
import { argMax } from '@tensorflow/tfjs-core';
import { sameShape, shapeError } from '../internal/align-targets.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { inTopK } from './internal/in-top-k.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `topKCategoricalAccuracy`. */
export interface TopKCategoricalAccuracyOptions extends MetricOptions {
  /** How many of the largest scores count. Default 5. */
  readonly k?: number;
}

/**
 * How often the class of the one-hot target is among the k largest scores, both [..., classes]. Keras' `TopKCategoricalAccuracy`.
 *
 * Classes tied with the k-th count too. A label whose score is not finite counts as missed. Throws `GS_METRIC_SHAPE` for shapes that are not equal.
 */
export function topKCategoricalAccuracy(options: TopKCategoricalAccuracyOptions = {}): Metric {
  const where = 'objectives/topKCategoricalAccuracy';
  const name = checkMetricOptions(where, options, ['k']);
  const k = checkNumber(where, 'k', options.k ?? 5, { min: 1, integer: true });
  const about = { type: 'TopKCategoricalAccuracy', name, direction: 'up', settings: { k } } as const;
  return meanOf(about, (yTrue, yPred) => {
    if (!sameShape(yTrue.shape, yPred.shape)) throw shapeError('GS_METRIC_SHAPE', where, yTrue.shape, yPred.shape);
    return inTopK(argMax(yTrue, -1), yPred, k);
  });
}
