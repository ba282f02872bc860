import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/**
 * 0 up to -1, `(x + 1)^2 / 4` up to 1, `x` above: a softplus that is exactly 0 for small `x`.
 *
 * Any shape. Its derivative is `sparseSigmoid`. Source: as `sparsemax`, in the form of Blondel et al., 2019.
 */
export function sparsePlus(x: tf.Tensor): tf.Tensor {
  return withSlope('sparsePlus', x, {
    value: (input) => {
      const parabola = tf.mul(tf.square(tf.add(tf.clipByValue(input, -1, 1), 1)), 0.25);
      return tf.add(parabola, tf.relu(tf.sub(input, 1)));
    },
    slope: (input) => tf.clipByValue(tf.mul(tf.add(input, 1), 0.5), 0, 1),
  });
}
