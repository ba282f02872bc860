import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { runKernel } from '../internal/run-kernel.js';
import { chooseTap, largestTap, windowTaps, type WindowAxis } from '../internal/window-taps.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Grayscale dilation, the largest sum of image and filter under a window, and its two gradients, which are linear in `dy`. */
export const morphologyGradients: GradientTable = [
  kernelGradient(tf.Dilation2D, {
    inputs: ['x', 'filter'],
    gradient: (dy, [x, filter], attributes) => ({
      x: () => runKernel(tf.Dilation2DBackpropInput, { x: x!, filter: filter!, dy }, attributes),
      filter: () => runKernel(tf.Dilation2DBackpropFilter, { x: x!, filter: filter!, dy }, attributes),
    }),
  }),
  kernelGradient(tf.Dilation2DBackpropInput, {
    inputs: ['x', 'filter'],
    gradient: (g, [x, filter], attributes) => ({
      ...flat(x!, filter!),
      dy: () => {
        const axes = dilationAxes(x!, filter!, attributes);
        return chooseTap(chosen(x!, filter!, axes), windowTaps(g, axes, 0));
      },
    }),
  }),
  kernelGradient(tf.Dilation2DBackpropFilter, {
    inputs: ['x', 'filter'],
    gradient: (g, [x, filter], attributes) => ({
      ...flat(x!, filter!),
      dy: () => chooseTap(chosen(x!, filter!, dilationAxes(x!, filter!, attributes)), filterTaps(g)),
    }),
  }),
];

/** Of image and filter only the order counts. */
const flat = (x: tf.Tensor, filter: tf.Tensor): { x: () => tf.Tensor; filter: () => tf.Tensor } => ({
  x: () => tf.zeros(x.shape),
  filter: () => tf.zeros(filter.shape),
});

function chosen(x: tf.Tensor, filter: tf.Tensor, axes: readonly WindowAxis[]): tf.Tensor {
  const weights = filterTaps(filter);
  const taps = windowTaps(x, axes, Number.NEGATIVE_INFINITY);
  return largestTap(taps.map((tap, index) => tf.add(tap, weights[index]!)));
}

/** The taps of [height, width, channels], each of which broadcasts against an image. */
const filterTaps = (filter: tf.Tensor): tf.Tensor[] => {
  const [height, width, channels] = filter.shape as [number, number, number];
  return tf.unstack(alias(filter, [height * width, channels]));
};

function dilationAxes(x: tf.Tensor, filter: tf.Tensor, attributes: tf.NamedAttrMap): WindowAxis[] {
  const { strides, pad, dilations } = attributes as unknown as tf.Dilation2DAttrs;
  const info = tf.backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    pad,
    'NHWC',
    dilations,
  );
  return [
    {
      size: info.inHeight,
      window: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      before: info.padInfo.top,
      outputSize: info.outHeight,
    },
    {
      size: info.inWidth,
      window: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      before: info.padInfo.left,
      outputSize: info.outWidth,
    },
  ];
}
