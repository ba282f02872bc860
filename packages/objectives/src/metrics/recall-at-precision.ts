import { atMetric, shares } from './internal/at-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `recallAtPrecision`. */
export interface RecallAtPrecisionOptions extends MetricOptions {
  /** The precision that has to be reached, in [0, 1]. */
  readonly precision: number;
  /** How many evenly spaced thresholds are tried, from 0 to 1; a single one is 0.5. Default 200. */
  readonly numThresholds?: number;
  /** Only this class counts. Default: all classes, flattened. */
  readonly classId?: number | null;
}

/**
 * The best recall at thresholds where precision is at least the given value; 0 where there are none. Keras' `RecallAtPrecision`.
 *
 * `tp / (tp + fn)` where `tp / (tp + fp) >= precision`. Predictions are from 0 to 1. Counts are compensated float32 sums.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape, or a class that it lacks.
 */
export function recallAtPrecision(options: RecallAtPrecisionOptions): Metric {
  const parts = { given: shares.precision, wanted: shares.recall };
  return atMetric('RecallAtPrecision', 'objectives/recallAtPrecision', 'precision', options, parts);
}
