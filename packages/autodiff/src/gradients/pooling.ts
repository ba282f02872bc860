import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from '../internal/run-kernel.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Two-dimensional pooling. Maximum pooling has no second derivative here. */
export const poolingGradients: GradientTable = [
  kernelGradient(tf.MaxPool, {
    inputs: ['x'],
    output: true,
    gradient: (dy, [x, y], attributes) => ({
      x: () => runKernel(tf.MaxPoolGrad, { dy, input: x!, output: y! }, attributes),
    }),
  }),
  kernelGradient(tf.AvgPool, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => ({ x: () => averageGradient(dy, x!, attributes as unknown as tf.AvgPoolAttrs) }),
  }),
  // Linear in dy; of the input only the shape counts.
  kernelGradient(tf.AvgPoolGrad, {
    inputs: ['input'],
    gradient: (g, [input], attributes) => ({
      dy: () => runKernel(tf.AvgPool, { x: g }, attributes),
      input: () => tf.zeros(input!.shape),
    }),
  }),
];

/**
 * Backends disagree about `AvgPoolGrad` with padding: most divide by the size of the window at the edges too, where the forward kernel divides by the
 * number of elements that are really there. So `dy` is scaled to the latter, and the kernel runs on a larger input without padding.
 */
function averageGradient(dy: tf.Tensor, x: tf.Tensor, attributes: tf.AvgPoolAttrs): tf.Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const shape = x.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  if (top === 0 && bottom === 0 && left === 0 && right === 0)
    return runKernel(tf.AvgPoolGrad, { dy, input: x }, attributes);
  const rows = windowCounts(info.outHeight, info.strideHeight, info.filterHeight, top, info.inHeight);
  const columns = windowCounts(info.outWidth, info.strideWidth, info.filterWidth, left, info.inWidth);
  const window = info.filterHeight * info.filterWidth;
  const factors = rows.flatMap((row) => columns.map((column) => window / (row * column)));
  const scaled = tf.mul(dy, tf.tensor4d(factors, [1, rows.length, columns.length, 1]));
  const height = Math.max((rows.length - 1) * info.strideHeight + info.filterHeight, top + info.inHeight);
  const width = Math.max((columns.length - 1) * info.strideWidth + info.filterWidth, left + info.inWidth);
  const input = tf.zeros([shape[0], height, width, shape[3]]);
  const padded = runKernel(tf.AvgPoolGrad, { dy: scaled, input }, { filterSize, strides, pad: 'valid' });
  return tf.slice(padded, [0, top, left, 0], shape);
}

/** How many elements each window covers along one dimension, padding left out. */
function windowCounts(windows: number, stride: number, size: number, before: number, length: number): number[] {
  return Array.from({ length: windows }, (_, index) => {
    const start = index * stride - before;
    return Math.min(start + size, length) - Math.max(start, 0);
  });
}
