import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from '../internal/run-kernel.js';
import { chooseTap, largestTap, windowTaps, type WindowAxis } from '../internal/window-taps.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** The kernels of pooling in so many dimensions. */
interface Kernels {
  readonly max: string;
  readonly maxGradient: string;
  readonly average: string;
  readonly averageGradient: string;
}

/** Pooling in two and three dimensions. */
export const poolingGradients: GradientTable = [
  ...family({ max: tf.MaxPool, maxGradient: tf.MaxPoolGrad, average: tf.AvgPool, averageGradient: tf.AvgPoolGrad }),
  ...family({
    max: tf.MaxPool3D,
    maxGradient: tf.MaxPool3DGrad,
    average: tf.AvgPool3D,
    averageGradient: tf.AvgPool3DGrad,
  }),
  {
    kernelName: tf.MaxPoolWithArgmax,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dys, [x, y], attributes) => ({
      x: () => runKernel(tf.MaxPoolGrad, { dy: (dys as tf.Tensor[])[0]!, input: x!, output: y! }, attributes),
    }),
  },
];

function family({ max, maxGradient, average, averageGradient }: Kernels): GradientTable {
  return [
    kernelGradient(max, {
      inputs: ['x'],
      output: true,
      gradient: (dy, [x, y], attributes) => ({
        x: () => runKernel(maxGradient, { dy, input: x!, output: y! }, attributes),
      }),
    }),
    // Linear in dy: it moves each element to the largest one of its window. Of the input only the order counts.
    kernelGradient(maxGradient, {
      inputs: ['dy', 'input', 'output'],
      gradient: (g, [, input, output], attributes) => ({
        dy: () => {
          const axes = poolAxes(input!.shape, attributes);
          const largest = largestTap(windowTaps(input!, axes, Number.NEGATIVE_INFINITY));
          return chooseTap(largest, windowTaps(g, axes, 0));
        },
        input: () => tf.zeros(input!.shape),
        output: () => tf.zeros(output!.shape),
      }),
    }),
    kernelGradient(average, {
      inputs: ['x'],
      gradient: (dy, [x], attributes) => ({ x: () => fromAverages(averageGradient, dy, x!, attributes) }),
    }),
    // Linear in dy; of the input only the shape counts.
    kernelGradient(averageGradient, {
      inputs: ['input'],
      gradient: (g, [input], attributes) => ({
        dy: () => runKernel(average, { x: g }, attributes),
        input: () => tf.zeros(input!.shape),
      }),
    }),
  ];
}

/**
 * Backends disagree about the gradient of averages with padding: most divide by the size of the window at the edges too, where the forward kernel
 * divides by the number of elements that are really there. So `dy` is scaled to the latter, and the kernel runs on a larger input without padding.
 */
function fromAverages(kernel: string, dy: tf.Tensor, x: tf.Tensor, attributes: tf.NamedAttrMap): tf.Tensor {
  const axes = poolAxes(x.shape, attributes);
  if (axes.every(fits)) return runKernel(kernel, { dy, input: x }, attributes);
  let factors = [1];
  for (const axis of axes)
    factors = factors.flatMap((factor) => windowCounts(axis).map((count) => (factor * axis.window) / count));
  const scaled = tf.mul(dy, tf.tensor(factors, [1, ...axes.map(({ outputSize }) => outputSize), 1]));
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const lengths = axes.map(({ size, window, stride, before, outputSize }) =>
    Math.max((outputSize - 1) * stride + window, before + size),
  );
  const { filterSize, strides } = attributes;
  const input = tf.zeros([batch, ...lengths, channels]);
  const gradient = runKernel(
    kernel,
    { dy: scaled, input },
    { filterSize, strides, pad: 'valid', dataFormat: attributes['dataFormat'] },
  );
  // A first window inside the image left elements before it out.
  const padded = axes.some(({ before }) => before < 0)
    ? tf.pad(gradient, [[0, 0], ...axes.map(({ before }): [number, number] => [Math.max(-before, 0), 0]), [0, 0]])
    : gradient;
  return tf.slice(padded, [0, ...axes.map(({ before }) => Math.max(before, 0)), 0], x.shape);
}

/** Whether no window reaches over an edge. */
const fits = ({ size, window, stride, before, outputSize }: WindowAxis): boolean =>
  before === 0 && (outputSize - 1) * stride + window <= size;

/** How many elements each window covers along one dimension, padding left out. */
function windowCounts({ size, window, stride, before, outputSize }: WindowAxis): number[] {
  return Array.from({ length: outputSize }, (_, index) => {
    const start = index * stride - before;
    return Math.min(start + window, size) - Math.max(start, 0);
  });
}

function poolAxes(shape: readonly number[], attributes: tf.NamedAttrMap): WindowAxis[] {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.AvgPoolAttrs;
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util;
  if (shape.length === 4) {
    const info = computePool2DInfo(
      shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const { padInfo } = info;
    return [
      axis(info.inHeight, info.filterHeight, info.strideHeight, padInfo.top, info.outHeight),
      axis(info.inWidth, info.filterWidth, info.strideWidth, padInfo.left, info.outWidth),
    ];
  }
  const info = computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize as unknown as number,
    strides as unknown as number,
    1,
    pad as 'same',
    dimRoundingMode,
  );
  const { padInfo } = info;
  return [
    axis(info.inDepth, info.filterDepth, info.strideDepth, padInfo.front, info.outDepth),
    axis(info.inHeight, info.filterHeight, info.strideHeight, padInfo.top, info.outHeight),
    axis(info.inWidth, info.filterWidth, info.strideWidth, padInfo.left, info.outWidth),
  ];
}

const axis = (size: number, window: number, stride: number, before: number, outputSize: number): WindowAxis => ({
  size,
  window,
  stride,
  dilation: 1,
  before,
  outputSize,
});
