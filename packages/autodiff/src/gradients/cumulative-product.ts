import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** The running product along an axis, exact also where elements are 0. */
export const cumulativeProductGradients: GradientTable = [
  kernelGradient(tf.Cumprod, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => ({
      x: () => {
        const { axis, exclusive, reverse } = attributes as unknown as tf.CumprodAttrs;
        const [dimension] = tf.util.parseAxisParam(axis, x!.shape) as [number];
        // Both as rows along the axis, in the order in which the products grow.
        const order = [...x!.shape.keys()].filter((index) => index !== dimension).concat(dimension);
        const moved = order.map((index) => x!.shape[index]!);
        const toRows = (tensor: tf.Tensor): tf.Tensor => {
          const rows = alias(
            tf.transpose(tensor, order),
            [-1, moved.at(-1)!].map((size) => (size < 0 ? x!.size / moved.at(-1)! : size)),
          );
          return reverse ? tf.reverse(rows, 1) : rows;
        };
        const gradient = rowGradient(toRows(dy), toRows(x!), exclusive);
        const back = alias(reverse ? tf.reverse(gradient, 1) : gradient, moved);
        return tf.transpose(back, tf.backend_util.getUndoAxesPermutation(order));
      },
    }),
  }),
];

/**
 * The product of all elements before i, times `s[i] = dy[i] + x[i + 1] s[i + 1]`: what the later products make of it. Dividing a product by its element
 * would fail at 0.
 */
function rowGradient(dy: tf.Tensor, x: tf.Tensor, exclusive: boolean): tf.Tensor {
  const before = tf.cumprod(x, 1, true, false);
  // The products without the element itself are those with it, one place later.
  const own = exclusive ? shift(dy, 1) : dy;
  return tf.mul(before, solve(own, shift(x, 1)));
}

/** `s[i] = b[i] + a[i] s[i + 1]` along rows, by doubling: after each round every element knows twice as many of those behind it. */
function solve(b: tf.Tensor, a: tf.Tensor): tf.Tensor {
  const length = b.shape[1]!;
  let [sum, factor] = [b, a];
  for (let distance = 1; distance < length; distance *= 2) {
    sum = tf.add(sum, tf.mul(factor, shift(sum, distance)));
    factor = tf.mul(factor, shift(factor, distance));
  }
  return sum;
}

/** The elements of each row `distance` places earlier, zeros at the end. */
function shift(x: tf.Tensor, distance: number): tf.Tensor {
  const [rows, length] = x.shape as [number, number];
  const kept = Math.max(length - distance, 0);
  return tf.pad(tf.slice(x, [0, length - kept], [rows, kept]), [
    [0, 0],
    [0, length - kept],
  ]);
}
