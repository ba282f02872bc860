import { sizeOf } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { keepDimensions, spread } from '../internal/spread.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Sums, means, products and extremes along axes. Equal extremes share the gradient evenly, as in TensorFlow. */
export const reductionGradients: GradientTable = [
  kernelGradient(tf.Sum, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => ({ x: () => spread(dy, x!.shape, axisOf(attributes)) }),
  }),
  kernelGradient(tf.Mean, {
    inputs: ['x'],
    // x.size / dy.size is how many elements went into each mean.
    gradient: (dy, [x], attributes) => ({ x: () => spread(dy, x!.shape, axisOf(attributes), dy.size / x!.size) }),
  }),
  kernelGradient(tf.Max, {
    inputs: ['x'],
    output: true,
    gradient: (dy, [x, y], attributes) => ({
      x: () => toExtremes(dy, x!, y!, attributes['reductionIndices'] as number[]),
    }),
  }),
  kernelGradient(tf.Min, {
    inputs: ['x'],
    output: true,
    gradient: (dy, [x, y], attributes) => ({ x: () => toExtremes(dy, x!, y!, axisOf(attributes)) }),
  }),
  kernelGradient(tf.Prod, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => ({ x: () => timesOthers(dy, x!, axisOf(attributes)) }),
  }),
  kernelGradient(tf.Cumsum, {
    gradient: (dy, _saved, attributes) => {
      const { axis, exclusive, reverse } = attributes as unknown as tf.CumsumAttrs;
      return { x: () => tf.cumsum(dy, axis, exclusive, !reverse) };
    },
  }),
];

const axisOf = (attributes: tf.NamedAttrMap): number[] => attributes['axis'] as number[];

/** Gives `dy` to the elements that equal their extreme, in equal parts. */
function toExtremes(dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor, axis: number[]): tf.Tensor {
  const extreme = tf.cast(tf.equal(x, keepDimensions(y, x.shape, axis)), 'float32');
  const share = tf.div(keepDimensions(dy, x.shape, axis), tf.sum(extreme, axis, true));
  return tf.mul(extreme, share);
}

/**
 * `dy` times the product of all other elements: the product of those before times the product of those after.
 * Dividing the product by the element would fail at 0.
 */
function timesOthers(dy: tf.Tensor, x: tf.Tensor, axis: number[]): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const outer = x.shape.map((_, index) => index).filter((index) => !axes.includes(index));
  const order = [...outer, ...axes];
  const reduced = sizeOf(axes.map((index) => x.shape[index]!));
  const rows = alias(tf.transpose(x, order), [x.size / reduced, reduced]);
  const others = tf.mul(tf.cumprod(rows, 1, true, false), tf.cumprod(rows, 1, true, true));
  const gradient = tf.mul(others, alias(dy, [x.size / reduced, 1]));
  const moved = alias(
    gradient,
    order.map((index) => x.shape[index]!),
  );
  return tf.transpose(moved, tf.backend_util.getUndoAxesPermutation(order));
}
