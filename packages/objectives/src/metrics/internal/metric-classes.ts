import type { Metric } from '../metric-contract.js';
import { accuracy } from '../accuracy.js';
import { auc } from '../auc.js';
import { binaryAccuracy } from '../binary-accuracy.js';
import { binaryCrossentropy } from '../binary-crossentropy.js';
import { binaryIoU } from '../binary-iou.js';
import { categoricalAccuracy } from '../categorical-accuracy.js';
import { categoricalCrossentropy } from '../categorical-crossentropy.js';
import { categoricalHinge } from '../categorical-hinge.js';
import { concordanceCorrelation } from '../concordance-correlation.js';
import { confusionMatrix } from '../confusion-matrix.js';
import { cosineSimilarity } from '../cosine-similarity.js';
import { fBetaScore } from '../f-beta-score.js';
import { f1Score } from '../f1-score.js';
import { falseNegatives } from '../false-negatives.js';
import { falsePositives } from '../false-positives.js';
import { hinge } from '../hinge.js';
import { ioU } from '../iou.js';
import { klDivergence } from '../kl-divergence.js';
import { logCoshError } from '../log-cosh-error.js';
import { mean } from '../mean.js';
import { meanAbsoluteError } from '../mean-absolute-error.js';
import { meanAbsolutePercentageError } from '../mean-absolute-percentage-error.js';
import { meanIoU } from '../mean-iou.js';
import { meanSquaredError } from '../mean-squared-error.js';
import { meanSquaredLogarithmicError } from '../mean-squared-logarithmic-error.js';
import { oneHotIoU } from '../one-hot-iou.js';
import { oneHotMeanIoU } from '../one-hot-mean-iou.js';
import { pearsonCorrelation } from '../pearson-correlation.js';
import { poisson } from '../poisson.js';
import { precision } from '../precision.js';
import { precisionAtRecall } from '../precision-at-recall.js';
import { r2Score } from '../r2-score.js';
import { recall } from '../recall.js';
import { recallAtPrecision } from '../recall-at-precision.js';
import { rootMeanSquaredError } from '../root-mean-squared-error.js';
import { sensitivityAtSpecificity } from '../sensitivity-at-specificity.js';
import { sparseCategoricalAccuracy } from '../sparse-categorical-accuracy.js';
import { sparseCategoricalCrossentropy } from '../sparse-categorical-crossentropy.js';
import { sparseTopKCategoricalAccuracy } from '../sparse-top-k-categorical-accuracy.js';
import { specificityAtSensitivity } from '../specificity-at-sensitivity.js';
import { squaredHinge } from '../squared-hinge.js';
import { sum } from '../sum.js';
import { topKCategoricalAccuracy } from '../top-k-categorical-accuracy.js';
import { trueNegatives } from '../true-negatives.js';
import { truePositives } from '../true-positives.js';

/** A factory as names and configs call it: its own options are checked by itself. */
type Factory = (options: never) => Metric;

/** The metrics by the name of their class in Keras, and the confusion matrix. */
export const metricClasses: Readonly<Record<string, Factory>> = {
  Accuracy: accuracy,
  AUC: auc,
  BinaryAccuracy: binaryAccuracy,
  BinaryCrossentropy: binaryCrossentropy,
  BinaryIoU: binaryIoU,
  CategoricalAccuracy: categoricalAccuracy,
  CategoricalCrossentropy: categoricalCrossentropy,
  CategoricalHinge: categoricalHinge,
  ConcordanceCorrelation: concordanceCorrelation,
  ConfusionMatrix: confusionMatrix,
  CosineSimilarity: cosineSimilarity,
  F1Score: f1Score,
  FalseNegatives: falseNegatives,
  FalsePositives: falsePositives,
  FBetaScore: fBetaScore,
  Hinge: hinge,
  IoU: ioU,
  KLDivergence: klDivergence,
  LogCoshError: logCoshError,
  Mean: mean,
  MeanAbsoluteError: meanAbsoluteError,
  MeanAbsolutePercentageError: meanAbsolutePercentageError,
  MeanIoU: meanIoU,
  MeanSquaredError: meanSquaredError,
  MeanSquaredLogarithmicError: meanSquaredLogarithmicError,
  OneHotIoU: oneHotIoU,
  OneHotMeanIoU: oneHotMeanIoU,
  PearsonCorrelation: pearsonCorrelation,
  Poisson: poisson,
  Precision: precision,
  PrecisionAtRecall: precisionAtRecall,
  R2Score: r2Score,
  Recall: recall,
  RecallAtPrecision: recallAtPrecision,
  RootMeanSquaredError: rootMeanSquaredError,
  SensitivityAtSpecificity: sensitivityAtSpecificity,
  SparseCategoricalAccuracy: sparseCategoricalAccuracy,
  SparseCategoricalCrossentropy: sparseCategoricalCrossentropy,
  SparseTopKCategoricalAccuracy: sparseTopKCategoricalAccuracy,
  SpecificityAtSensitivity: specificityAtSensitivity,
  SquaredHinge: squaredHinge,
  Sum: sum,
  TopKCategoricalAccuracy: topKCategoricalAccuracy,
  TrueNegatives: trueNegatives,
  TruePositives: truePositives,
};

/** Short names, as Keras has them. */
const short: Readonly<Record<string, string>> = {
  bce: 'BinaryCrossentropy',
  mse: 'MeanSquaredError',
  mae: 'MeanAbsoluteError',
  mape: 'MeanAbsolutePercentageError',
  msle: 'MeanSquaredLogarithmicError',
};

/** The name of the function that makes a class: `auc`, `klDivergence`, `meanIoU`. Not `factory.name`, which a minifier changes. */
const camelCase = (type: string): string =>
  type.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());

/** The metrics by every name but those that choose by shapes: `AUC` and `auc`, `MeanIoU` and `meanIoU`, `mse` and `MSE`. */
export const namedMetrics: Readonly<Record<string, Factory>> = {
  ...Object.fromEntries(Object.entries(metricClasses).map(([type, factory]) => [camelCase(type), factory])),
  ...metricClasses,
  ...Object.fromEntries(
    Object.entries(short).flatMap(([name, type]) => [
      [name, metricClasses[type]!],
      [name.toUpperCase(), metricClasses[type]!],
    ]),
  ),
};
