import { checkOptions, GradstreamError } from '@gradstream/core';
import { sub, Tensor, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { badOption, checkMetricOptions } from './internal/check-metric-options.js';
import { confusionCounts } from './internal/confusion-counts.js';
import { checkClassOptions, matrixMetric } from './internal/iou-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** How `confusionMatrix` reads classes. */
export interface ConfusionMatrixReading {
  /** A target that counts nothing. Default: none. */
  readonly ignoreClass?: number | null;
  /** Targets are class indices instead of one-hot rows. Default true. */
  readonly sparseYTrue?: boolean;
  /** Predictions are class indices instead of scores. Default true. */
  readonly sparseYPred?: boolean;
  /** The axis of scores and one-hot rows; negative from the end. Default -1. */
  readonly axis?: number;
}

/** Options of the metric `confusionMatrix`. */
export interface ConfusionMatrixOptions extends MetricOptions, ConfusionMatrixReading {
  /** How many classes there are. */
  readonly numClasses: number;
}

/** Options of the function `confusionMatrix`. */
export interface ConfusionMatrixOfOptions extends ConfusionMatrixReading {
  /** How many classes there are. Default: as many as scores or one-hot rows have. */
  readonly numClasses?: number;
  /** How much each sample counts: a shape that the targets' shape begins with. Default 1. */
  readonly sampleWeight?: Tensor;
}

const reading = ['numClasses', 'ignoreClass', 'sparseYTrue', 'sparseYPred', 'axis'] as const;

/**
 * How often each class was predicted for each class, [classes, classes]: rows are targets, columns predictions, float32.
 *
 * With options alone, a metric over all batches; its numbers are `confusionMatrix_0_1` in the logs, and the cells are compensated float32 sums.
 * With two tensors, the matrix of these alone; `numClasses` may be left out where scores or one-hot rows tell it. Pairs with a class outside count
 * nothing on the device; the metric's `check` throws `GS_METRIC_LABEL` for a target that is no class. Keras has it as a part of its IoU metrics.
 * Throws `GS_METRIC_SHAPE` where there is not one prediction a target.
 */
export function confusionMatrix(options: ConfusionMatrixOptions): Metric;
export function confusionMatrix(yTrue: Tensor, yPred: Tensor, options?: ConfusionMatrixOfOptions): Tensor2D;
export function confusionMatrix(
  first: ConfusionMatrixOptions | Tensor,
  yPred?: Tensor,
  options: ConfusionMatrixOfOptions = {},
): Metric | Tensor2D {
  const where = 'objectives/confusionMatrix';
  if (!(first instanceof Tensor)) return metricOf(where, first);
  if (!(yPred instanceof Tensor)) {
    throw new GradstreamError('GS_METRIC_SHAPE', {
      where,
      what: 'There are targets without predictions',
      expected: 'two tensors, targets and predictions',
      received: 'one',
      next: 'Pass the predictions second, then the options.',
    });
  }
  checkOptions(where, options, [...reading, 'sampleWeight']);
  const { sampleWeight, numClasses = classesOf(where, first, yPred, options), ...rest } = options;
  if (sampleWeight !== undefined && !(sampleWeight instanceof Tensor))
    throw badOption(where, 'sampleWeight', 'a tensor', sampleWeight);
  const checked = checkClassOptions(where, { ...rest, numClasses });
  return tidy(() => confusionCounts(where, checked, first, yPred, sampleWeight));
}

function metricOf(where: string, options: ConfusionMatrixOptions): Metric {
  const name = checkMetricOptions(where, options, reading);
  const checked = checkClassOptions(where, options ?? {});
  return {
    name,
    config: { type: 'ConfusionMatrix', config: { name, ...checked } },
    ...matrixMetric(where, checked),
    result: ([matrix, lack]) => tidy(() => sub(matrix!, lack!)),
    resultShape: () => [checked.numClasses, checked.numClasses],
  };
}

/** The number of classes that scores or one-hot rows have. */
function classesOf(where: string, yTrue: Tensor, yPred: Tensor, options: ConfusionMatrixReading): number {
  const rows = options.sparseYPred === false ? yPred : options.sparseYTrue === false ? yTrue : undefined;
  if (rows !== undefined) return rows.shape.at(options.axis ?? -1) ?? 0;
  throw badOption(where, 'numClasses', 'a number of classes, where both tensors are class indices', undefined);
}
