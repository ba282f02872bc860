import { checkNumber } from '@gradstream/core';
import { mean, mul, div, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { alignValues } from './internal/align-values.js';
import { checkAxis } from './internal/check-axis.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `pearsonCorrelation`. */
export interface PearsonCorrelationOptions extends MetricOptions {
  /** The axis along which it is computed; negative from the end. Default -1. */
  readonly axis?: number;
}

/**
 * The mean of Pearson's correlation between targets and predictions along an axis: `mean((y - mean y)(p - mean p)) / (std y * std p)`. Keras'
 * `PearsonCorrelation`.
 *
 * Of each sample by itself: with outputs of width 1 and the last axis it is NaN, and so it is where one of both is constant.
 * With another axis than the last, the mean counts the first axis that is left, as in Keras.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape and `GS_METRIC_AXIS` for an axis that it lacks.
 */
export function pearsonCorrelation(options: PearsonCorrelationOptions = {}): Metric {
  const where = 'objectives/pearsonCorrelation';
  const name = checkMetricOptions(where, options, ['axis']);
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  return meanOf({ type: 'PearsonCorrelation', name, direction: 'up', settings: { axis } }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    checkAxis(where, axis, yPred.rank);
    return mean(mul(standardized(targets, axis), standardized(yPred, axis)), axis);
  });
}

function standardized(x: Tensor, axis: number): Tensor {
  const centered = sub(x, mean(x, axis, true));
  return div(centered, sqrt(mean(square(centered), axis, true)));
}
