import { add, divNoNan } from '@tensorflow/tfjs-core';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { checkThresholdOptions, thresholdMetric } from './internal/threshold-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `precision`. */
export interface PrecisionOptions extends MetricOptions {
  /** One threshold or several, in [0, 1]: predictions above it are positive. Several give a vector. Default 0.5, with `topK` none. */
  readonly thresholds?: number | readonly number[] | null;
  /** Only the k largest scores of a row can be positive. Default: all. */
  readonly topK?: number | null;
  /** Only this class counts. Default: all classes, flattened. */
  readonly classId?: number | null;
}

/**
 * How many of the predicted are right: `tp / (tp + fp)`, 0 where nothing is predicted. Keras' `Precision`.
 *
 * Targets that are not 0 are positive; a prediction on a threshold is not, and neither is NaN. The share of weight, not of samples, where there are sample weights.
 * Counts are compensated float32 sums. Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape, or classes that it lacks.
 */
export function precision(options: PrecisionOptions = {}): Metric {
  const where = 'objectives/precision';
  const name = checkMetricOptions(where, options, ['thresholds', 'topK', 'classId']);
  const { given, ...checked } = checkThresholdOptions(where, options);
  return thresholdMetric({
    ...checked,
    type: 'Precision',
    name,
    where,
    direction: 'up',
    settings: { thresholds: given, topK: checked.topK, classId: checked.classId },
    result: ({ tp, fp }) => divNoNan(tp, add(tp, fp)),
    each: true,
  });
}
