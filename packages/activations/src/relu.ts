import { checkNumber, checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';
import { withSlope } from './internal/with-slope.js';

/** Options of `relu`. */
export interface ReluOptions {
  /** Slope at and below the threshold. Default 0. */
  readonly negativeSlope?: number;
  /** The largest value, 0 or more. Default: none. */
  readonly maxValue?: number;
  /** Values at or below it are damped. Default 0. */
  readonly threshold?: number;
}

/**
 * The rectified linear unit: `max(x, 0)`.
 *
 * With options: `min(x, maxValue)` above the threshold, `negativeSlope * (x - threshold)` at and below it. With a `maxValue` a value between a
 * negative threshold and 0 becomes 0, as in Keras. Any shape. Without options, with only `negativeSlope` or with only `maxValue: 6` it is
 * one kernel. Slope at the threshold: 0.
 *
 * Throws `GS_OPTION_VALUE` for a negative slope or maximum, as Keras' layer does; its function takes them.
 */
export function relu(x: tf.Tensor, options?: ReluOptions): tf.Tensor {
  if (options === undefined) return onFloat('relu', x, plain);
  const where = 'activations/relu';
  checkOptions(where, options, ['negativeSlope', 'maxValue', 'threshold']);
  const negativeSlope = checkNumber(where, 'negativeSlope', options.negativeSlope ?? 0, { min: 0 });
  const threshold = checkNumber(where, 'threshold', options.threshold ?? 0);
  const { maxValue } = options;
  if (maxValue !== undefined) checkNumber(where, 'maxValue', maxValue, { min: 0 });
  if (threshold === 0 && maxValue === undefined) {
    return onFloat('relu', x, negativeSlope === 0 ? plain : (input) => tf.leakyRelu(input, negativeSlope));
  }
  if (threshold === 0 && maxValue === 6 && negativeSlope === 0) return onFloat('relu', x, (input) => tf.relu6(input));
  return withSlope('relu', x, {
    value: (input) => {
      const above = threshold === 0 ? tf.relu(input) : keepAbove(input, threshold);
      const limited = maxValue === undefined ? above : tf.clipByValue(above, 0, maxValue);
      if (negativeSlope === 0) return limited;
      return tf.sub(limited, tf.mul(tf.relu(tf.sub(threshold, input)), negativeSlope));
    },
    slope: (input) => {
      let inside = tf.step(tf.sub(input, threshold));
      if (maxValue !== undefined) inside = tf.mul(inside, tf.step(tf.sub(maxValue, input)));
      if (maxValue !== undefined && threshold < 0) inside = tf.mul(inside, tf.step(input));
      if (negativeSlope === 0) return inside;
      return tf.add(inside, tf.mul(tf.step(tf.sub(threshold, input)), negativeSlope));
    },
  });
}

const plain = (x: tf.Tensor): tf.Tensor => tf.relu(x);

const keepAbove = (x: tf.Tensor, threshold: number): tf.Tensor =>
  tf.where(tf.greater(x, threshold), x, tf.zerosLike(x));
