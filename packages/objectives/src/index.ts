// The public names of @gradstream/objectives: names only, one export a line.
export * from './losses/index.js';
export { binaryAccuracy, type BinaryAccuracyOptions } from './metrics/binary-accuracy.js';
export { categoricalAccuracy, type AccuracyOptions } from './metrics/categorical-accuracy.js';
export { meanMetric } from './metrics/mean-metric.js';
export { metric, type MetricContext, type MetricSpec } from './metrics/metric.js';
export type { Metric, MetricFunction, MetricOptions } from './metrics/metric-contract.js';
export { sparseCategoricalAccuracy } from './metrics/sparse-categorical-accuracy.js';
