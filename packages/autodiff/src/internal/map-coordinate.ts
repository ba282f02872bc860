import * as tf from '@tensorflow/tfjs-core';

/** How `Transform` continues an image beyond its edges. */
export type FillMode = tf.TransformAttrs['fillMode'];

/** Coordinates as `Transform` reads them along a dimension of so many pixels. */
export function mapCoordinate(x: tf.Tensor, size: number, mode: FillMode): tf.Tensor {
  if (mode === 'constant') return x;
  if (size <= 1 && mode !== 'nearest') return tf.zerosLike(x);
  const clip = (coordinate: tf.Tensor): tf.Tensor => tf.maximum(tf.minimum(coordinate, size - 1), 0);
  if (mode === 'nearest') return clip(x);
  const [below, above] = mode === 'reflect' ? reflections(x, size) : copies(x, size);
  return clip(tf.where(tf.less(x, 0), below, tf.where(tf.greater(x, size - 1), above, x)));
}

/** [abcd] as [dcba|abcd|dcba]. */
function reflections(x: tf.Tensor, size: number): [tf.Tensor, tf.Tensor] {
  const period = 2 * size;
  const near = tf.add(tf.mul(tf.floor(tf.div(tf.neg(x), period)), period), x);
  const below = tf.where(tf.less(near, -size), tf.add(near, period), tf.sub(tf.neg(near), 1));
  const rest = tf.sub(x, tf.mul(tf.floor(tf.div(x, period)), period));
  return [below, tf.where(tf.greaterEqual(rest, size), tf.sub(period - 1, rest), rest)];
}

/** [abcd] as [abcd|abcd|abcd], in the steps that tfjs-core takes. */
function copies(x: tf.Tensor, size: number): [tf.Tensor, tf.Tensor] {
  const below = tf.add(x, tf.mul(tf.add(tf.floor(tf.div(tf.neg(x), size - 1)), 1), size));
  return [below, tf.sub(x, tf.mul(tf.floor(tf.div(x, size - 1)), size))];
}
