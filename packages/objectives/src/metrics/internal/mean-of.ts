import type { Json } from '@gradstream/core';
import { meanMetric } from '../mean-metric.js';
import type { Metric, MetricFunction } from '../metric-contract.js';

/** What a mean of values has beside them: Keras' class, the name, the direction of improvement and its settings. */
export interface MeanDescription {
  readonly type: string;
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly settings?: Readonly<Record<string, Json>>;
}

/** The running mean of values, with a direction and a config. */
export function meanOf({ type, name, direction, settings = {} }: MeanDescription, values: MetricFunction): Metric {
  return { ...meanMetric(name, values), direction, config: { type, config: { name, ...settings } } };
}
