import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/**
 * The sigmoid linear unit, also called swish: `x * sigmoid(x)`.
 *
 * Any shape. Exported as `swish` too. Source: Ramachandran et al., "Searching for activation functions", 2017.
 */
export function silu(x: tf.Tensor): tf.Tensor {
  return withSlope('silu', x, {
    value: (input) => tf.mul(input, tf.sigmoid(input)),
    slope: (input) => {
      const gate = tf.sigmoid(input);
      return tf.mul(gate, tf.add(tf.mul(input, tf.sub(1, gate)), 1));
    },
  });
}
