import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/**
 * 0 up to -1, `(x + 1) / 2` up to 1, 1 above: a sigmoid that is exactly 0 and 1.
 *
 * Any shape. Slope at -1 and 1: 0. Source: Blondel, Martins, Niculae, "Learning with Fenchel-Young losses", 2019.
 */
export function sparseSigmoid(x: tf.Tensor): tf.Tensor {
  return withSlope('sparseSigmoid', x, {
    value: (input) => tf.clipByValue(tf.mul(tf.add(input, 1), 0.5), 0, 1),
    slope: (input) => tf.mul(tf.step(tf.sub(1, tf.abs(input))), 0.5),
  });
}
