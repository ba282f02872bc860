import { atMetric, shares } from './internal/at-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `sensitivityAtSpecificity`. */
export interface SensitivityAtSpecificityOptions extends MetricOptions {
  /** The specificity that has to be reached, in [0, 1]. */
  readonly specificity: number;
  /** How many evenly spaced thresholds are tried, from 0 to 1; a single one is 0.5. Default 200. */
  readonly numThresholds?: number;
  /** Only this class counts. Default: all classes, flattened. */
  readonly classId?: number | null;
}

/**
 * The best sensitivity (recall) at thresholds where specificity is at least the given value; 0 where there are none. Keras' `SensitivityAtSpecificity`.
 *
 * `tp / (tp + fn)` where `tn / (tn + fp) >= specificity`. Predictions are from 0 to 1. Counts are compensated float32 sums.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape, or a class that it lacks.
 */
export function sensitivityAtSpecificity(options: SensitivityAtSpecificityOptions): Metric {
  const parts = { given: shares.specificity, wanted: shares.recall };
  return atMetric('SensitivityAtSpecificity', 'objectives/sensitivityAtSpecificity', 'specificity', options, parts);
}
