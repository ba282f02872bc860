import { checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { resolveAxes } from './internal/axes.js';
import { onFloat } from './internal/on-float.js';
import { withGradient } from './internal/with-gradient.js';

/** Options of `logSoftmax`. */
export interface LogSoftmaxOptions {
  /** The axis, or the axes taken together, along which the exponentials of the results sum to 1. Default -1, the last. */
  readonly axis?: number | readonly number[];
}

/**
 * The logarithm of `softmax`: `x - max - log(sum(exp(x - max)))`, along one axis or several; finite for every finite `x`.
 *
 * Any shape with at least one axis; the same shape comes out. Throws `GS_ACTIVATION_SHAPE` where the input lacks the axis.
 */
export function logSoftmax(x: tf.Tensor, options: LogSoftmaxOptions = {}): tf.Tensor {
  checkOptions('activations/logSoftmax', options, ['axis']);
  return onFloat('logSoftmax', x, (input) => alongAxes(input, resolveAxes('logSoftmax', options.axis ?? -1, input)));
}

function alongAxes(x: tf.Tensor, axes: number[]): tf.Tensor {
  return withGradient(x, {
    forward: (input) => {
      const shifted = tf.sub(input, tf.max(input, axes, true));
      const value = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), axes, true)));
      return { value, kept: value };
    },
    backward: (dy, value) => tf.sub(dy, tf.mul(tf.exp(value), tf.sum(dy, axes, true))),
  });
}
