import { countMetric } from './internal/count-metric.js';
import type { Metric } from './metric-contract.js';
import type { CountOptions } from './true-positives.js';

/**
 * How many negative targets with a prediction above the threshold there are, or their weight. Keras' `FalsePositives`.
 *
 * Targets that are not 0 are positive; a prediction on a threshold is not, and neither is NaN. Counts are compensated float32 sums.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function falsePositives(options: CountOptions = {}): Metric {
  return countMetric('FalsePositives', 'objectives/falsePositives', 'fp', options);
}
