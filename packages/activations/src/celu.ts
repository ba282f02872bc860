import { checkNumber, checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';
import { withSlope } from './internal/with-slope.js';

/** Options of `celu`. */
export interface CeluOptions {
  /** The limit for small `x` is `-alpha`; above 0. Default 1. */
  readonly alpha?: number;
}

/**
 * The continuously differentiable exponential linear unit: `max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)`.
 *
 * Any shape; for the default alpha it is `elu`, one kernel. Throws `GS_OPTION_VALUE` for an alpha that is not above 0.
 * Source: Barron, "Continuously differentiable exponential linear units", 2017.
 */
export function celu(x: tf.Tensor, options: CeluOptions = {}): tf.Tensor {
  checkOptions('activations/celu', options, ['alpha']);
  const alpha = checkNumber('activations/celu', 'alpha', options.alpha ?? 1, { min: 0, exclusive: 'min' });
  if (alpha === 1) return onFloat('celu', x, (input) => tf.elu(input));
  return withSlope('celu', x, {
    value: (input) => tf.add(tf.relu(input), tf.mul(tf.elu(tf.div(tf.minimum(input, 0), alpha)), alpha)),
    slope: (input) => tf.exp(tf.div(tf.minimum(input, 0), alpha)),
  });
}
