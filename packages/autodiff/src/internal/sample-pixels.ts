import * as tf from '@tensorflow/tfjs-core';
import { alias } from './alias.js';

/** Where pixels of a batch of images are read: float32 coordinates and int32 numbers of images, all of one shape, and whether they count at all. */
export interface PixelPlaces {
  readonly rows: tf.Tensor;
  readonly columns: tf.Tensor;
  readonly images: tf.Tensor;
  readonly counts: tf.Tensor;
}

/** Adds `dy` [places, channels] up where the nearest pixels of [batch, height, width, channels] were read. */
export function addNearest(dy: tf.Tensor, places: PixelPlaces, shape: readonly number[]): tf.Tensor {
  const half = (x: tf.Tensor): tf.Tensor => tf.floor(tf.add(x, 0.5));
  const nearest = { ...places, rows: half(places.rows), columns: half(places.columns) };
  return addWeighted(dy, nearest, tf.onesLike(places.rows), shape);
}

/** The same for pixels that were interpolated between their four neighbours. Neighbours outside an image were read as constants. */
export function addBilinear(dy: tf.Tensor, places: PixelPlaces, shape: readonly number[]): tf.Tensor {
  const { rows, columns } = places;
  const [top, left] = [tf.floor(rows), tf.floor(columns)];
  const [down, right] = [tf.sub(rows, top), tf.sub(columns, left)];
  const parts = [0, 1].flatMap((row) =>
    [0, 1].map((column) => {
      const weight = tf.mul(row === 1 ? down : tf.sub(1, down), column === 1 ? right : tf.sub(1, right));
      const neighbour = { ...places, rows: tf.add(top, row), columns: tf.add(left, column) };
      return addWeighted(dy, neighbour, weight, shape);
    }),
  );
  return tf.addN(parts);
}

function addWeighted(dy: tf.Tensor, places: PixelPlaces, weight: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const { rows, columns, images, counts } = places;
  const inside = tf.logicalAnd(counts, tf.logicalAnd(within(rows, height), within(columns, width)));
  // Places outside read pixel 0 with weight 0, whatever their coordinates are, no numbers included.
  const whole = (x: tf.Tensor): tf.Tensor => tf.cast(tf.where(inside, x, tf.zerosLike(x)), 'int32');
  const line = tf.add(tf.mul(whole(images), tf.scalar(height, 'int32')), whole(rows));
  const pixels = tf.add(tf.mul(line, tf.scalar(width, 'int32')), whole(columns));
  const weights = tf.where(inside, weight, tf.zerosLike(weight));
  const count = dy.size / channels;
  const weighted = tf.mul(alias(dy, [count, channels]), alias(weights, [count, 1]));
  return alias(tf.scatterND(alias(pixels, [count, 1]), weighted, [batch * height * width, channels]), shape);
}

const within = (x: tf.Tensor, size: number): tf.Tensor =>
  tf.logicalAnd(tf.greaterEqual(x, 0), tf.lessEqual(x, size - 1));
