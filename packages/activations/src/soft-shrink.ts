import { checkNumber, checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/** Options of `softShrink`. */
export interface SoftShrinkOptions {
  /** Values come nearer to 0 by this much; 0 or more. Default 0.5. */
  readonly threshold?: number;
}

/**
 * `x - threshold` above the threshold, `x + threshold` below minus the threshold, else 0.
 *
 * Any shape. Slope at the threshold: 0. Throws `GS_OPTION_VALUE` for a negative threshold.
 */
export function softShrink(x: tf.Tensor, options: SoftShrinkOptions = {}): tf.Tensor {
  checkOptions('activations/softShrink', options, ['threshold']);
  const threshold = checkNumber('activations/softShrink', 'threshold', options.threshold ?? 0.5, { min: 0 });
  return withSlope('softShrink', x, {
    value: (input) => tf.sub(input, tf.clipByValue(input, -threshold, threshold)),
    slope: (input) => tf.step(tf.sub(tf.abs(input), threshold)),
  });
}
