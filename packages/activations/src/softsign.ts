import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/** `x / (1 + |x|)`, between -1 and 1. Any shape. */
export function softsign(x: tf.Tensor): tf.Tensor {
  return withSlope('softsign', x, {
    value: (input) => tf.div(input, tf.add(tf.abs(input), 1)),
    slope: (input) => tf.reciprocal(tf.square(tf.add(tf.abs(input), 1))),
  });
}
