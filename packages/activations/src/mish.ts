import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/** `x * tanh(softplus(x))`. Any shape. Source: Misra, "Mish: a self regularized non-monotonic activation function", 2019. */
export function mish(x: tf.Tensor): tf.Tensor {
  return withSlope('mish', x, {
    value: (input) => tf.mul(input, tf.tanh(tf.softplus(input))),
    slope: (input) => {
      const gate = tf.tanh(tf.softplus(input));
      const gateSlope = tf.mul(tf.sub(1, tf.square(gate)), tf.sigmoid(input));
      return tf.add(gate, tf.mul(input, gateSlope));
    },
  });
}
