import { checkMetricOptions } from './internal/check-metric-options.js';
import { checkClassOptions, checkTargetClasses, iouMetric } from './internal/iou-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `ioU`. */
export interface IoUOptions extends MetricOptions {
  /** How many classes there are. */
  readonly numClasses: number;
  /** The classes whose mean is taken. */
  readonly targetClassIds: readonly number[];
  /** A target that counts nothing, for example 255 or -1 for pixels of no class. Default: none. */
  readonly ignoreClass?: number | null;
  /** Targets are class indices instead of one-hot rows. Default true. */
  readonly sparseYTrue?: boolean;
  /** Predictions are class indices instead of scores. Default true. */
  readonly sparseYPred?: boolean;
  /** The axis of scores and one-hot rows; negative from the end. Default -1. */
  readonly axis?: number;
}

/**
 * The mean of intersection over union of chosen classes. Keras' `IoU`.
 *
 * Of class k: `m[k][k] / (sum of row k + sum of column k - m[k][k] + 1e-7)`, m the confusion matrix; classes that do not occur are left out. Weights are
 * not rounded to integers as Keras does unless it has a float dtype. On the device, pairs with a class outside count nothing.
 * Throws `GS_METRIC_SHAPE` where there is not one prediction a target; `check` throws `GS_METRIC_LABEL` for a target that is no class.
 */
export function ioU(options: IoUOptions): Metric {
  const where = 'objectives/ioU';
  const name = checkMetricOptions(where, options, [
    'numClasses',
    'targetClassIds',
    'ignoreClass',
    'sparseYTrue',
    'sparseYPred',
    'axis',
  ]);
  const reading = checkClassOptions(where, options);
  const classes = checkTargetClasses(where, options.targetClassIds, reading.numClasses);
  const settings = {
    numClasses: reading.numClasses,
    targetClassIds: [...classes],
    ignoreClass: reading.ignoreClass,
    sparseYTrue: reading.sparseYTrue,
    sparseYPred: reading.sparseYPred,
    axis: reading.axis,
  };
  return iouMetric({ type: 'IoU', where, name }, reading, classes, settings);
}
