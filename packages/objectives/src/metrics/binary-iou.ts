import { checkNumber } from '@gradstream/core';
import { cast, greaterEqual } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { checkClassOptions, checkTargetClasses, iouMetric } from './internal/iou-metric.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `binaryIoU`. */
export interface BinaryIoUOptions extends MetricOptions {
  /** The classes whose mean is taken, of 0 and 1. Default both. */
  readonly targetClassIds?: readonly number[];
  /** Predictions of at least this are class 1. Default 0.5. */
  readonly threshold?: number;
}

/**
 * The mean of intersection over union of no and yes, for targets 0 and 1 and predictions that a threshold decides. Keras' `BinaryIoU`.
 *
 * Of class k: `m[k][k] / (sum of row k + sum of column k - m[k][k] + 1e-7)`, m the confusion matrix; classes that do not occur are left out. Weights are
 * not rounded to integers as Keras does unless it has a float dtype. On the device, pairs with a class outside count nothing.
 * Throws `GS_METRIC_SHAPE` where there is not one prediction a target; `check` throws `GS_METRIC_LABEL` for a target that is no class.
 */
export function binaryIoU(options: BinaryIoUOptions = {}): Metric {
  const where = 'objectives/binaryIoU';
  const name = checkMetricOptions(where, options, ['targetClassIds', 'threshold']);
  const threshold = checkNumber(where, 'threshold', options.threshold ?? 0.5);
  const reading = checkClassOptions(where, { numClasses: 2 });
  const classes = checkTargetClasses(where, options.targetClassIds ?? [0, 1], 2);
  const settings = { targetClassIds: [...classes], threshold };
  return iouMetric({ type: 'BinaryIoU', where, name }, reading, classes, settings, (yPred) =>
    cast(greaterEqual(yPred, filled(threshold)), 'int32'),
  );
}
