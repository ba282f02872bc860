import type { Metric, MetricOptions } from '../metric-contract.js';
import { checkMetricOptions } from './check-metric-options.js';
import type { Counts } from './threshold-buckets.js';
import { checkThresholdOptions, thresholdMetric } from './threshold-metric.js';

/** One of the four counts as a metric. */
export function countMetric(
  type: string,
  where: string,
  count: keyof Counts,
  options: MetricOptions & { readonly thresholds?: number | readonly number[] | null },
): Metric {
  const name = checkMetricOptions(where, options, ['thresholds']);
  const { given, ...checked } = checkThresholdOptions(where, options);
  const settings = { thresholds: given };
  return thresholdMetric({ ...checked, type, name, where, settings, result: (counts) => counts[count], each: true });
}
