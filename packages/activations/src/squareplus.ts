import { checkNumber, checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/** Options of `squareplus`. */
export interface SquareplusOptions {
  /** Smoothness, 0 or more; 0 gives relu. Default 4. */
  readonly b?: number;
}

/**
 * A smooth rectifier without exponentials: `(x + sqrt(x^2 + b)) / 2`.
 *
 * Any shape. For negative `x` it is computed as `b / (2 * (sqrt(x^2 + b) - x))`, which is the same number without cancellation.
 * Throws `GS_OPTION_VALUE` for a negative b. Source: Barron, "Squareplus: a softplus-like algebraic rectifier", 2021.
 */
export function squareplus(x: tf.Tensor, options: SquareplusOptions = {}): tf.Tensor {
  checkOptions('activations/squareplus', options, ['b']);
  const b = checkNumber('activations/squareplus', 'b', options.b ?? 4, { min: 0 });
  const root = (input: tf.Tensor): tf.Tensor => tf.sqrt(tf.add(tf.square(input), b));
  const value = (input: tf.Tensor): tf.Tensor => {
    const twice = tf.add(root(input), tf.abs(input));
    return tf.where(tf.greaterEqual(input, 0), tf.mul(twice, 0.5), tf.divNoNan(b / 2, twice));
  };
  return withSlope('squareplus', x, { value, slope: (input) => tf.divNoNan(value(input), root(input)) });
}
