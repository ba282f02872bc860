import { checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { resolveAxes } from './internal/axes.js';
import { onFloat } from './internal/on-float.js';
import { withGradient } from './internal/with-gradient.js';

/** Options of `softmax`. */
export interface SoftmaxOptions {
  /** The axis, or the axes taken together, along which the results sum to 1. Default -1, the last. */
  readonly axis?: number | readonly number[];
}

/**
 * A probability distribution from any numbers: `exp(x) / sum(exp(x))`, along one axis or several.
 *
 * Any shape with at least one axis; the same shape comes out. One kernel along the last axis. The largest number is subtracted first, so that
 * nothing overflows. Throws `GS_ACTIVATION_SHAPE` where the input lacks the axis.
 */
export function softmax(x: tf.Tensor, options: SoftmaxOptions = {}): tf.Tensor {
  checkOptions('activations/softmax', options, ['axis']);
  return onFloat('softmax', x, (input) => {
    const axes = resolveAxes('softmax', options.axis ?? -1, input);
    return axes.length === 1 && axes[0] === input.rank - 1 ? tf.softmax(input) : alongAxes(input, axes);
  });
}

function alongAxes(x: tf.Tensor, axes: number[]): tf.Tensor {
  return withGradient(x, {
    forward: (input) => {
      const powers = tf.exp(tf.sub(input, tf.max(input, axes, true)));
      const value = tf.div(powers, tf.sum(powers, axes, true));
      return { value, kept: value };
    },
    backward: (dy, value) => {
      const weighted = tf.mul(dy, value);
      return tf.sub(weighted, tf.mul(value, tf.sum(weighted, axes, true)));
    },
  });
}
