import { atMetric, shares } from './internal/at-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `precisionAtRecall`. */
export interface PrecisionAtRecallOptions extends MetricOptions {
  /** The recall that has to be reached, in [0, 1]. */
  readonly recall: number;
  /** How many evenly spaced thresholds are tried, from 0 to 1; a single one is 0.5. Default 200. */
  readonly numThresholds?: number;
  /** Only this class counts. Default: all classes, flattened. */
  readonly classId?: number | null;
}

/**
 * The best precision at thresholds where recall is at least the given value; 0 where there are none. Keras' `PrecisionAtRecall`.
 *
 * `tp / (tp + fp)` where `tp / (tp + fn) >= recall`. Predictions are from 0 to 1. Counts are compensated float32 sums.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape, or a class that it lacks.
 */
export function precisionAtRecall(options: PrecisionAtRecallOptions): Metric {
  const parts = { given: shares.recall, wanted: shares.precision };
  return atMetric('PrecisionAtRecall', 'objectives/precisionAtRecall', 'recall', options, parts);
}
