// The public names of @gradstream/objectives/metrics: names only, one export a line.
export { accuracy } from './accuracy.js';
export { auc, type AucOptions } from './auc.js';
export { binaryAccuracy, type BinaryAccuracyOptions } from './binary-accuracy.js';
export { binaryCrossentropy, type BinaryCrossentropyMetricOptions } from './binary-crossentropy.js';
export { binaryIoU, type BinaryIoUOptions } from './binary-iou.js';
export { categoricalAccuracy, type AccuracyOptions } from './categorical-accuracy.js';
export { categoricalCrossentropy, type CategoricalCrossentropyMetricOptions } from './categorical-crossentropy.js';
export { categoricalHinge } from './categorical-hinge.js';
export { concordanceCorrelation, type ConcordanceCorrelationOptions } from './concordance-correlation.js';
export {
  confusionMatrix,
  type ConfusionMatrixReading,
  type ConfusionMatrixOptions,
  type ConfusionMatrixOfOptions,
} from './confusion-matrix.js';
export { cosineSimilarity, type CosineSimilarityOptions } from './cosine-similarity.js';
export { f1Score, type F1ScoreOptions } from './f1-score.js';
export { falseNegatives } from './false-negatives.js';
export { falsePositives } from './false-positives.js';
export { fBetaScore, type FBetaScoreOptions } from './f-beta-score.js';
export { hinge } from './hinge.js';
export { ioU, type IoUOptions } from './iou.js';
export { klDivergence } from './kl-divergence.js';
export { logCoshError } from './log-cosh-error.js';
export { mean } from './mean.js';
export { meanAbsoluteError } from './mean-absolute-error.js';
export { meanAbsolutePercentageError } from './mean-absolute-percentage-error.js';
export { meanIoU, type MeanIoUOptions } from './mean-iou.js';
export { meanMetric } from './mean-metric.js';
export { meanSquaredError } from './mean-squared-error.js';
export { meanSquaredLogarithmicError } from './mean-squared-logarithmic-error.js';
export { metric, type MetricContext, type MetricSpec } from './metric.js';
export type { Metric, MetricFunction, MetricOptions } from './metric-contract.js';
export { oneHotIoU, type OneHotIoUOptions } from './one-hot-iou.js';
export { oneHotMeanIoU, type OneHotMeanIoUOptions } from './one-hot-mean-iou.js';
export { pearsonCorrelation, type PearsonCorrelationOptions } from './pearson-correlation.js';
export { poisson } from './poisson.js';
export { precision, type PrecisionOptions } from './precision.js';
export { precisionAtRecall, type PrecisionAtRecallOptions } from './precision-at-recall.js';
export { r2Score, type R2ScoreOptions } from './r2-score.js';
export { recall, type RecallOptions } from './recall.js';
export { recallAtPrecision, type RecallAtPrecisionOptions } from './recall-at-precision.js';
export { rootMeanSquaredError } from './root-mean-squared-error.js';
export { sensitivityAtSpecificity, type SensitivityAtSpecificityOptions } from './sensitivity-at-specificity.js';
export { sparseCategoricalAccuracy } from './sparse-categorical-accuracy.js';
export {
  sparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyMetricOptions,
} from './sparse-categorical-crossentropy.js';
export {
  sparseTopKCategoricalAccuracy,
  type SparseTopKCategoricalAccuracyOptions,
} from './sparse-top-k-categorical-accuracy.js';
export { specificityAtSensitivity, type SpecificityAtSensitivityOptions } from './specificity-at-sensitivity.js';
export { squaredHinge } from './squared-hinge.js';
export { sum } from './sum.js';
export { topKCategoricalAccuracy, type TopKCategoricalAccuracyOptions } from './top-k-categorical-accuracy.js';
export { trueNegatives } from './true-negatives.js';
export { truePositives, type CountOptions } from './true-positives.js';
