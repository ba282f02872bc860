import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/** The logarithm of the sigmoid: `-softplus(-x)`, never above 0 and finite for every finite `x`. Any shape. */
export function logSigmoid(x: tf.Tensor): tf.Tensor {
  return withSlope('logSigmoid', x, {
    value: (input) => tf.neg(tf.softplus(tf.neg(input))),
    slope: (input) => tf.sigmoid(tf.neg(input)),
  });
}
