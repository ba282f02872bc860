import { checkNumber } from '@gradstream/core';
import { div, maximum, mul, sqrt, square, sum, type Tensor } from '@tensorflow/tfjs-core';
import { epsilon } from '../internal/clip-probability.js';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkAxis } from './internal/check-axis.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `cosineSimilarity`. */
export interface CosineSimilarityOptions extends MetricOptions {
  /** The axis along which it is computed; negative from the end. Default -1. */
  readonly axis?: number;
}

/**
 * The mean cosine between targets and predictions, -1 to 1, larger is nearer: `sum(y / |y| * p / |p|)` along an axis. Keras' `CosineSimilarity`.
 *
 * A vector of zeros has the similarity 0. The loss of this name has the other sign. With another axis than the last, the mean counts the first axis that is left, as in Keras.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape and `GS_METRIC_AXIS` for an axis that it lacks.
 */
export function cosineSimilarity(options: CosineSimilarityOptions = {}): Metric {
  const where = 'objectives/cosineSimilarity';
  const name = checkMetricOptions(where, options, ['axis']);
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  return meanOf({ type: 'CosineSimilarity', name, direction: 'up', settings: { axis } }, (yTrue, yPred) => {
    const targets = alignValues(where, yTrue, yPred);
    checkAxis(where, axis, yPred.rank);
    return sum(mul(normalized(targets, axis), normalized(yPred, axis)), axis);
  });
}

function normalized(x: Tensor, axis: number): Tensor {
  return div(x, sqrt(maximum(sum(square(x), axis, true), filled(epsilon * epsilon))));
}
