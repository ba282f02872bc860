import { checkBoolean, checkNumber } from '@gradstream/core';
import { any, cast, equal, expandDims, slice } from '@tensorflow/tfjs-core';
import { alignLabels } from '../internal/align-targets.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { inTopK } from './internal/in-top-k.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `sparseTopKCategoricalAccuracy`. */
export interface SparseTopKCategoricalAccuracyOptions extends MetricOptions {
  /** How many of the largest scores count. Default 5. */
  readonly k?: number;
  /** Predictions are class indices, the most likely first, instead of scores. Default false. */
  readonly fromSortedIds?: boolean;
}

/**
 * How often the label is among the k largest scores: scores [..., classes], labels [...] or [..., 1]. Keras' `SparseTopKCategoricalAccuracy`.
 *
 * Classes tied with the k-th count too. A label that is no class, or whose score is not finite, counts as missed. Throws `GS_METRIC_SHAPE`
 * for labels that do not fit the output.
 */
export function sparseTopKCategoricalAccuracy(options: SparseTopKCategoricalAccuracyOptions = {}): Metric {
  const where = 'objectives/sparseTopKCategoricalAccuracy';
  const name = checkMetricOptions(where, options, ['k', 'fromSortedIds']);
  const k = checkNumber(where, 'k', options.k ?? 5, { min: 1, integer: true });
  const fromSortedIds = checkBoolean(where, 'fromSortedIds', options.fromSortedIds ?? false);
  const settings = { k, ...(fromSortedIds ? { fromSortedIds } : {}) };
  const about = { type: 'SparseTopKCategoricalAccuracy', name, direction: 'up', settings } as const;
  return meanOf(about, (yTrue, yPred) => {
    const labels = alignLabels('GS_METRIC_SHAPE', where, yTrue, yPred);
    if (!fromSortedIds) return inTopK(labels.dtype === 'int32' ? labels : cast(labels, 'int32'), yPred, k);
    const first = slice(
      yPred,
      yPred.shape.map(() => 0),
      [...yPred.shape.slice(0, -1), Math.min(k, yPred.shape.at(-1)!)],
    );
    return any(equal(expandDims(cast(labels, 'float32'), -1), cast(first, 'float32')), -1);
  });
}
