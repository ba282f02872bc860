import { checkNumber, checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';
import { withSlope } from './internal/with-slope.js';

/** Options of `elu`. */
export interface EluOptions {
  /** The limit for small `x` is `-alpha`; 0 or more. Default 1. */
  readonly alpha?: number;
}

/**
 * The exponential linear unit: `x` above 0, `alpha * (exp(x) - 1)` below.
 *
 * Any shape; one kernel for the default alpha. Throws `GS_OPTION_VALUE` for a negative alpha.
 * Source: Clevert et al., "Fast and accurate deep network learning by exponential linear units", 2016.
 */
export function elu(x: tf.Tensor, options: EluOptions = {}): tf.Tensor {
  checkOptions('activations/elu', options, ['alpha']);
  const alpha = checkNumber('activations/elu', 'alpha', options.alpha ?? 1, { min: 0 });
  if (alpha === 1) return onFloat('elu', x, (input) => tf.elu(input));
  return withSlope('elu', x, {
    value: (input) => tf.add(tf.relu(input), tf.mul(tf.elu(tf.minimum(input, 0)), alpha)),
    // exp(min(x, 0)) is 1 above 0, where the slope is alpha + (1 - alpha).
    slope: (input) => tf.add(tf.mul(tf.exp(tf.minimum(input, 0)), alpha), tf.mul(tf.step(input), 1 - alpha)),
  });
}
