import { checkMetricOptions } from './internal/check-metric-options.js';
import { checkClassOptions, iouMetric } from './internal/iou-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `oneHotMeanIoU`. */
export interface OneHotMeanIoUOptions extends MetricOptions {
  /** How many classes there are. */
  readonly numClasses: number;
  /** A target that counts nothing, for example 255 or -1 for pixels of no class. Default: none. */
  readonly ignoreClass?: number | null;
  /** Predictions are class indices instead of scores. Default false. */
  readonly sparseYPred?: boolean;
  /** The axis of scores and one-hot rows; negative from the end. Default -1. */
  readonly axis?: number;
}

/**
 * The mean of intersection over union of all classes, for one-hot targets and scores. Keras' `OneHotMeanIoU`.
 *
 * Of class k: `m[k][k] / (sum of row k + sum of column k - m[k][k] + 1e-7)`, m the confusion matrix; classes that do not occur are left out. Weights are
 * not rounded to integers as Keras does unless it has a float dtype. On the device, pairs with a class outside count nothing.
 * Throws `GS_METRIC_SHAPE` where there is not one prediction a target.
 */
export function oneHotMeanIoU(options: OneHotMeanIoUOptions): Metric {
  const where = 'objectives/oneHotMeanIoU';
  const name = checkMetricOptions(where, options, ['numClasses', 'ignoreClass', 'sparseYPred', 'axis']);
  const reading = checkClassOptions(where, {
    ...options,
    sparseYTrue: false,
    sparseYPred: options.sparseYPred ?? false,
  });
  const classes = Array.from({ length: reading.numClasses }, (_, index) => index);
  const settings = {
    numClasses: reading.numClasses,
    ignoreClass: reading.ignoreClass,
    sparseYPred: reading.sparseYPred,
    axis: reading.axis,
  };
  return iouMetric({ type: 'OneHotMeanIoU', where, name }, reading, classes, settings);
}
