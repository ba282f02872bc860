import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/**
 * A silu of straight lines and a parabola, also called hard swish: 0 below -3, `x` above 3, `x * (x + 3) / 6` between.
 *
 * Any shape. Exported as `hardSwish` too. Slope at -3: 0, at 3: 1. Source: Howard et al., "Searching for MobileNetV3", 2019.
 */
export function hardSilu(x: tf.Tensor): tf.Tensor {
  return withSlope('hardSilu', x, {
    value: (input) => tf.mul(input, gate(input)),
    slope: (input) => tf.add(gate(input), tf.mul(tf.mul(input, tf.step(tf.sub(3, tf.abs(input)))), 1 / 6)),
  });
}

const gate = (x: tf.Tensor): tf.Tensor => tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6);
