// The public names of @gradstream/objectives/metrics: names only, one export a line.
export { binaryAccuracy, type BinaryAccuracyOptions } from './binary-accuracy.js';
export { categoricalAccuracy, type AccuracyOptions } from './categorical-accuracy.js';
export { meanMetric } from './mean-metric.js';
export { metric, type MetricContext } from './metric.js';
export type { Metric, MetricFunction } from './metric-contract.js';
export { sparseCategoricalAccuracy } from './sparse-categorical-accuracy.js';
