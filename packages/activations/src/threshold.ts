import { checkNumber } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/**
 * `x` where `x > threshold`, else `defaultValue`.
 *
 * Any shape. Slope at the threshold: 0. Both numbers are needed, so in a layer it is given as a function: `(x) => threshold(x, 1, 0)`.
 * Throws `GS_OPTION_VALUE` where one is missing or no finite number.
 */
export function threshold(x: tf.Tensor, threshold: number, defaultValue: number): tf.Tensor {
  checkNumber('activations/threshold', 'threshold', threshold);
  checkNumber('activations/threshold', 'defaultValue', defaultValue);
  return withSlope('threshold', x, {
    value: (input) => tf.where(tf.greater(input, threshold), input, tf.fill(input.shape, defaultValue)),
    slope: (input) => tf.step(tf.sub(input, threshold)),
  });
}
