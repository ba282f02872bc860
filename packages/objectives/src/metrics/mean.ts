import { meanMetric } from './mean-metric.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The mean of the predictions themselves over all samples: `sum(w * p) / sum(w)`, for values that a model or a loop computes. Keras' `Mean`.
 *
 * Keras' `update_state(values)` is `update(state, values, values)`: targets are not looked at. Weights and precision are those of `meanMetric`.
 */
export function mean(options: MetricOptions = {}): Metric {
  const name = checkMetricOptions('objectives/mean', options, []);
  return { ...meanMetric(name, (_, yPred) => yPred), config: { type: 'Mean', config: { name } } };
}
