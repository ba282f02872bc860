// The public names of @gradstream/objectives: names only, one export a line.
export { binaryCrossentropy, type BinaryCrossentropyOptions } from './losses/binary-crossentropy.js';
export { categoricalCrossentropy, type CategoricalCrossentropyOptions } from './losses/categorical-crossentropy.js';
export { loss } from './losses/loss.js';
export type { Loss } from './losses/loss-contract.js';
export type { LossFunction } from './losses/loss-from-function.js';
export { meanAbsoluteError } from './losses/mean-absolute-error.js';
export { meanSquaredError } from './losses/mean-squared-error.js';
export {
  sparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyOptions,
} from './losses/sparse-categorical-crossentropy.js';
export { binaryAccuracy, type BinaryAccuracyOptions } from './metrics/binary-accuracy.js';
export { categoricalAccuracy, type AccuracyOptions } from './metrics/categorical-accuracy.js';
export { meanMetric } from './metrics/mean-metric.js';
export { metric, type MetricContext, type MetricSpec } from './metrics/metric.js';
export type { Metric, MetricFunction, MetricOptions } from './metrics/metric-contract.js';
export { sparseCategoricalAccuracy } from './metrics/sparse-categorical-accuracy.js';
