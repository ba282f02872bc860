import { countMetric } from './internal/count-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of the four counts. */
export interface CountOptions extends MetricOptions {
  /** One threshold or several, in [0, 1]: predictions above it are positive. Several give a vector. Default 0.5. */
  readonly thresholds?: number | readonly number[] | null;
}

/**
 * How many positive targets with a prediction above the threshold there are, or their weight. Keras' `TruePositives`.
 *
 * Targets that are not 0 are positive; a prediction on a threshold is not, and neither is NaN. Counts are compensated float32 sums.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function truePositives(options: CountOptions = {}): Metric {
  return countMetric('TruePositives', 'objectives/truePositives', 'tp', options);
}
