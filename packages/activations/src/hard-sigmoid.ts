import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/**
 * A sigmoid of straight lines: `min(max(x / 6 + 1 / 2, 0), 1)`.
 *
 * Any shape. This is the definition of Keras 3; Keras 1 and 2 and tfjs-layers used `0.2 * x + 0.5`. Slope at -3 and 3: 0.
 */
export function hardSigmoid(x: tf.Tensor): tf.Tensor {
  return withSlope('hardSigmoid', x, {
    value: (input) => tf.mul(tf.relu6(tf.add(input, 3)), 1 / 6),
    slope: (input) => tf.mul(tf.step(tf.sub(3, tf.abs(input))), 1 / 6),
  });
}
