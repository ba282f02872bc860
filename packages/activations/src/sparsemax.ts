import { checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { resolveAxis } from './internal/axes.js';
import { onFloat } from './internal/on-float.js';
import { withGradient } from './internal/with-gradient.js';

/** Options of `sparsemax`. */
export interface SparsemaxOptions {
  /** The axis along which the results sum to 1. Default -1, the last. */
  readonly axis?: number;
}

/**
 * A probability distribution with exact zeros: the point of the probability simplex nearest to `x`, which is `max(x - t, 0)` with the threshold `t`
 * for which the results sum to 1.
 *
 * Any shape with at least one axis; the same shape comes out. Throws `GS_ACTIVATION_SHAPE` where the input lacks the axis.
 * Source: Martins, Astudillo, "From softmax to sparsemax", 2016.
 *
 * Differs from Keras 3.15, whose threshold adds up the partial sums instead of taking the last: where more than one result is above 0, its results
 * do not sum to 1. With one result above 0 both are the same.
 */
export function sparsemax(x: tf.Tensor, options: SparsemaxOptions = {}): tf.Tensor {
  checkOptions('activations/sparsemax', options, ['axis']);
  return onFloat('sparsemax', x, (input) => alongAxis(input, resolveAxis('sparsemax', options.axis ?? -1, input)));
}

function alongAxis(x: tf.Tensor, axis: number): tf.Tensor {
  const order = swap(x.rank, axis);
  return withGradient(x, {
    forward: (input) => {
      const last = axis === input.rank - 1;
      const value = last ? project(input) : tf.transpose(project(tf.transpose(input, order)), order);
      return { value, kept: value };
    },
    backward: (dy, value) => {
      // Inside the support the results move with x less the mean movement; outside they stay 0.
      const support = tf.step(value);
      const mean = tf.div(tf.sum(tf.mul(dy, support), axis, true), tf.sum(support, axis, true));
      return tf.mul(support, tf.sub(dy, mean));
    },
  });
}

/** The projection along the last axis. */
function project(x: tf.Tensor): tf.Tensor {
  const last = x.rank - 1;
  const size = x.shape[last]!;
  // Shifting by the largest number changes nothing but keeps the sums over the support, which lies in (-1, 0], exact to the last digits.
  const shifted = tf.sub(x, tf.max(x, last, true));
  const sorted = tf.topk(shifted, size, true).values;
  const ranks = tf.range(1, size + 1, 1, 'float32');
  const support = tf.cast(tf.greater(tf.add(tf.mul(sorted, ranks), 1), tf.cumsum(sorted, last)), 'float32');
  const excess = tf.sub(tf.sum(tf.mul(sorted, support), last, true), 1);
  return tf.relu(tf.sub(shifted, tf.div(excess, tf.sum(support, last, true))));
}

/** The permutation that swaps an axis with the last one; it is its own inverse. */
function swap(rank: number, axis: number): number[] {
  const order = Array.from({ length: rank }, (_, index) => index);
  [order[axis], order[rank - 1]] = [rank - 1, axis];
  return order;
}
