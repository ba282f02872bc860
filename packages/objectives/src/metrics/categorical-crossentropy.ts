import { checkNumber } from '@gradstream/core';
import {
  categoricalCrossentropy as lossOf,
  type CategoricalCrossentropyOptions,
} from '../losses/categorical-crossentropy.js';
import { sameShape, shapeError } from '../internal/align-targets.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { classAxisLast } from './internal/class-axis-last.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of the metric `categoricalCrossentropy`. */
export interface CategoricalCrossentropyMetricOptions
  extends MetricOptions, Pick<CategoricalCrossentropyOptions, 'fromLogits' | 'labelSmoothing'> {
  /** The axis of classes; negative from the end. Default -1. */
  readonly axis?: number;
}

/**
 * The mean of the loss of this name over all samples: `-sum(y log(p))` over the classes, with one-hot targets. Keras' metric
 * `CategoricalCrossentropy`.
 *
 * Smoothing spreads over the classes; Keras divides by the size of the last axis even where the classes are another.
 * Throws `GS_METRIC_SHAPE` for shapes that are not equal and `GS_METRIC_AXIS` for an axis that the output lacks.
 */
export function categoricalCrossentropy(options: CategoricalCrossentropyMetricOptions = {}): Metric {
  const where = 'objectives/categoricalCrossentropy';
  const name = checkMetricOptions(where, options, ['fromLogits', 'labelSmoothing', 'axis']);
  const { fromLogits = false, labelSmoothing = 0 } = options;
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  const { call } = lossOf({ fromLogits, labelSmoothing });
  const settings = { fromLogits, labelSmoothing, axis };
  return meanOf({ type: 'CategoricalCrossentropy', name, direction: 'down', settings }, (yTrue, yPred) => {
    if (!sameShape(yTrue.shape, yPred.shape)) throw shapeError('GS_METRIC_SHAPE', where, yTrue.shape, yPred.shape);
    return call(classAxisLast(where, yTrue, axis), classAxisLast(where, yPred, axis));
  });
}
