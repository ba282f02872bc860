import { checkNumber, checkOptions } from '@gradstream/core';
import { cast, equal, greater, type Tensor } from '@tensorflow/tfjs-core';
import { alignElementwise } from '../internal/align-targets.js';
import { filled } from '../internal/filled.js';
import { meanMetric } from './mean-metric.js';
import type { Metric } from './metric-contract.js';

/** Options of `binaryAccuracy`. */
export interface BinaryAccuracyOptions {
  /** Predictions above it are yes. Default 0.5. */
  readonly threshold?: number;
  /** Default `binaryAccuracy`. */
  readonly name?: string;
}

/**
 * How often a yes-or-no prediction is right: the mean of `(p > threshold) == y` over all elements. Keras' `BinaryAccuracy`.
 *
 * A prediction on the threshold is a no, and so is NaN. Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function binaryAccuracy(options: BinaryAccuracyOptions = {}): Metric {
  const where = 'objectives/binaryAccuracy';
  checkOptions(where, options, ['threshold', 'name']);
  const threshold = checkNumber(where, 'threshold', options.threshold ?? 0.5);
  return meanMetric(options.name ?? 'binaryAccuracy', (yTrue, yPred): Tensor => {
    const targets = alignElementwise('GS_METRIC_SHAPE', where, yTrue, yPred);
    return equal(cast(targets, 'float32'), cast(greater(yPred, filled(threshold)), 'float32'));
  });
}
