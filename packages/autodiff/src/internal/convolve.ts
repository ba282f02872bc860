import { sizeOf } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import { runWithBias, type BiasActivation } from './bias-activation.js';
import { dilateFilter } from './dilated-filter.js';
import { depthTaps, placeDepthTaps } from './depth-taps.js';
import { runKernel } from './run-kernel.js';
import { POINT, type SpatialAxis } from './spatial-axis.js';

/**
 * The convolution of [batch, ...spatial, channels] with [...window, channels, filters] in one, two or three dimensions.
 *
 * All run the two-dimensional kernel, the fastest one of every backend: a line is an image of height 1, and a volume a batch of slices whose channels
 * hold the neighbours along the depth.
 */
export function convolve(
  x: tf.Tensor,
  filter: tf.Tensor,
  axes: readonly SpatialAxis[],
  then: BiasActivation = {},
): tf.Tensor {
  const [batch, channels, filters] = [x.shape[0]!, filter.shape.at(-2)!, filter.shape.at(-1)!];
  const [height, width] = planeOf(axes);
  const outShape = [batch, ...axes.map(({ outputSize }) => outputSize), filters];
  const depth = axes.length === 3 ? axes[0]! : POINT;
  const images = alias(depthTaps(x, depth), [
    batch * depth.outputSize,
    height.size,
    width.size,
    depth.window * channels,
  ]);
  const operands = { x: images, filter: planeFilter(filter, axes) };
  const y = runWithBias([tf.Conv2D, tf.FusedConv2D], operands, attributesOf(height, width), then);
  return alias(y, outShape);
}

/**
 * The transpose of `convolve`, its gradient by `x`: from [batch, ...output sizes, filters] to [batch, ...sizes, channels].
 * The filter is spread out by zeros where it is dilated, since the kernel knows no dilation.
 */
export function convolveTransposed(y: tf.Tensor, filter: tf.Tensor, axes: readonly SpatialAxis[]): tf.Tensor {
  const [batch, channels, filters] = [y.shape[0]!, filter.shape.at(-2)!, filter.shape.at(-1)!];
  const [height, width] = planeOf(axes);
  const depth = axes.length === 3 ? axes[0]! : POINT;
  const images = alias(y, [batch * depth.outputSize, height.outputSize, width.outputSize, filters]);
  const plane = dilateFilter(planeFilter(filter, axes), [height.dilation, width.dilation]);
  const x = runKernel(
    tf.Conv2DBackpropInput,
    { dy: images, filter: plane },
    {
      ...attributesOf({ ...height, dilation: 1 }, { ...width, dilation: 1 }),
      inputShape: [batch * depth.outputSize, height.size, width.size, depth.window * channels],
    },
  );
  return alias(placeDepthTaps(x, depth, batch), [batch, ...axes.map(({ size }) => size), channels]);
}

/** The convolution of each channel by itself, in one or two dimensions, with [...window, channels, multiplier]. */
export function convolveChannels(
  x: tf.Tensor,
  filter: tf.Tensor,
  axes: readonly SpatialAxis[],
  then: BiasActivation,
): tf.Tensor {
  const [batch, channels, multiplier] = [x.shape[0]!, ...filter.shape.slice(-2)] as [number, number, number];
  let [height, width] = planeOf(axes);
  let plane = planeFilter(filter, axes);
  // The kernels refuse strides and dilations together.
  if ((height.stride > 1 || width.stride > 1) && (height.dilation > 1 || width.dilation > 1)) {
    plane = dilateFilter(plane, [height.dilation, width.dilation]);
    height = { ...height, dilation: 1 };
    width = { ...width, dilation: 1 };
  }
  const images = alias(x, [batch, height.size, width.size, channels]);
  const kernels = [tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D] as const;
  const y = runWithBias(kernels, { x: images, filter: plane }, attributesOf(height, width), then);
  return alias(y, [batch, ...axes.map(({ outputSize }) => outputSize), channels * multiplier]);
}

/** The last two dimensions; a line has a height of 1. */
function planeOf(axes: readonly SpatialAxis[]): [SpatialAxis, SpatialAxis] {
  return axes.length === 1 ? [POINT, axes[0]!] : [axes.at(-2)!, axes.at(-1)!];
}

/** A filter of any dimensions as [height, width, depth channels, filters]. */
function planeFilter(filter: tf.Tensor, axes: readonly SpatialAxis[]): tf.Tensor {
  const [height, width] = planeOf(axes);
  const filters = filter.shape.at(-1)!;
  const taps = [height.window, width.window];
  if (axes.length < 3) return alias(filter, [...taps, ...filter.shape.slice(-2)]);
  const depth = axes[0]!.window;
  const inner = filter.size / depth / sizeOf(taps) / filters;
  if (depth === 1) return alias(filter, [...taps, inner, filters]);
  // Three dimensions are enough, and every backend transposes them fast.
  const flat = alias(filter, [depth, sizeOf(taps), inner * filters]);
  return alias(tf.transpose(flat, [1, 0, 2]), [...taps, depth * inner, filters]);
}

function attributesOf(height: SpatialAxis, width: SpatialAxis): object {
  return {
    strides: [height.stride, width.stride],
    dilations: [height.dilation, width.dilation],
    pad: [
      [0, 0],
      [height.before, height.after],
      [width.before, width.after],
      [0, 0],
    ],
    dataFormat: 'NHWC',
  };
}
