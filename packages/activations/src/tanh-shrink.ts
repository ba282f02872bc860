import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/** `x - tanh(x)`. Any shape. Near 0 the two nearly cancel: the error is up to 1e-7 times |x|, as in Keras in float32. */
export function tanhShrink(x: tf.Tensor): tf.Tensor {
  return withSlope('tanhShrink', x, {
    value: (input) => tf.sub(input, tf.tanh(input)),
    slope: (input) => tf.square(tf.tanh(input)),
  });
}
