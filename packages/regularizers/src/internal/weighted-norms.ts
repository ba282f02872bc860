import type { Config } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Regularizer } from '../regularizer.js';
import { withSlope } from './with-slope.js';

/**
 * `l1 * sum(|w|) + l2 * sum(w^2)` with the gradient `l1 * sign(w) + 2 * l2 * w`, which is 0 at 0 as in Keras.
 *
 * A part whose factor is 0 is not computed.
 */
export function weightedNorms(l1: number, l2: number, config: Config): Regularizer {
  const value = (w: tf.Tensor): tf.Scalar => {
    const parts: tf.Scalar[] = [];
    if (l1 !== 0) parts.push(tf.mul(tf.sum(tf.abs(w)), l1));
    if (l2 !== 0) parts.push(tf.mul(tf.sum(tf.square(w)), l2));
    return parts.length === 2 ? tf.add(parts[0]!, parts[1]!) : (parts[0] ?? tf.scalar(0));
  };
  const slope = (w: tf.Tensor): tf.Tensor => {
    const parts: tf.Tensor[] = [];
    if (l1 !== 0) parts.push(tf.mul(tf.sign(w), l1));
    if (l2 !== 0) parts.push(tf.mul(w, 2 * l2));
    return parts.length === 2 ? tf.add(parts[0]!, parts[1]!) : (parts[0] ?? tf.zerosLike(w));
  };
  return Object.assign(withSlope({ value, slope }), { config });
}
