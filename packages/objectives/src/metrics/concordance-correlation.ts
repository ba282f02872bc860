import { checkNumber } from '@gradstream/core';
import { add, div, mean, mul, square, squeeze, sub } from '@tensorflow/tfjs-core';
import { epsilon } from '../internal/clip-probability.js';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkAxis } from './internal/check-axis.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `concordanceCorrelation`. */
export interface ConcordanceCorrelationOptions extends MetricOptions {
  /** The axis along which it is computed; negative from the end. Default -1. */
  readonly axis?: number;
}

/**
 * The mean of Lin's concordance correlation along an axis: `2 cov(y, p) / (var y + var p + (mean y - mean p)^2 + 1e-7)`. Keras'
 * `ConcordanceCorrelation`.
 *
 * With another axis than the last, the mean counts the first axis that is left, as in Keras.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape and `GS_METRIC_AXIS` for an axis that it lacks.
 */
export function concordanceCorrelation(options: ConcordanceCorrelationOptions = {}): Metric {
  const where = 'objectives/concordanceCorrelation';
  const name = checkMetricOptions(where, options, ['axis']);
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  return meanOf({ type: 'ConcordanceCorrelation', name, direction: 'up', settings: { axis } }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    const place = checkAxis(where, axis, yPred.rank);
    const [yMean, pMean] = [mean(targets, axis, true), mean(yPred, axis, true)];
    const [y, p] = [sub(targets, yMean), sub(yPred, pMean)];
    const spread = add(mean(square(y), axis), mean(square(p), axis));
    const divisor = add(add(spread, squeeze(square(sub(yMean, pMean)), [place])), filled(epsilon));
    return div(mul(mean(mul(y, p), axis), filled(2)), divisor);
  });
}
