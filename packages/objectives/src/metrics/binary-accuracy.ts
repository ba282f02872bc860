import { checkNumber } from '@gradstream/core';
import { cast, equal, greater, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `binaryAccuracy`. */
export interface BinaryAccuracyOptions extends MetricOptions {
  /** Predictions above it are yes. Default 0.5. */
  readonly threshold?: number;
}

/**
 * How often a yes-or-no prediction is right: the mean of `(p > threshold) == y` over all elements. Keras' `BinaryAccuracy`.
 *
 * A prediction on the threshold is a no, and so is NaN. Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function binaryAccuracy(options: BinaryAccuracyOptions = {}): Metric {
  const where = 'objectives/binaryAccuracy';
  const name = checkMetricOptions(where, options, ['threshold']);
  const threshold = checkNumber(where, 'threshold', options.threshold ?? 0.5);
  const about = { type: 'BinaryAccuracy', name, direction: 'up', settings: { threshold } } as const;
  return meanOf(about, (yTrue, yPred): Tensor => {
    const targets = alignValues(where, yTrue, yPred);
    return equal(targets, cast(greater(yPred, filled(threshold)), 'float32'));
  });
}
