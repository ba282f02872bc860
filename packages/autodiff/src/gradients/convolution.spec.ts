import '@tensorflow/tfjs-backend-cpu';
import { checkGradientRow, gradientRow, type GradientRow, runKernel, uncoveredKernels } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { convolutionGradients } from './convolution.js';

await tf.setBackend('cpu');
registerGradients();

const conv =
  (stride: number, pad: 'same' | 'valid', dilation: number | [number, number]) =>
  (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad, 'NHWC', dilation);
const depthwise =
  (stride: number, dilation: number) =>
  (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, 'same', 'NHWC', dilation);
const attributes = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
const image = [1, 3, 3, 2];

const rows: GradientRow[] = [
  gradientRow('Conv2D', conv(1, 'same', 1), [
    [1, 4, 5, 2],
    [3, 2, 2, 2],
  ]),
  gradientRow('Conv2D', conv(2, 'same', 1), [
    [1, 4, 5, 2],
    [3, 2, 2, 2],
  ]),
  gradientRow('Conv2D', conv(1, 'valid', [2, 3]), [
    [1, 6, 7, 1],
    [3, 2, 1, 2],
  ]),
  gradientRow('Conv2D', conv(1, 'same', 2), [
    [1, 4, 4, 1],
    [2, 2, 1, 1],
  ]),
  gradientRow(
    'Conv2DBackpropInput',
    (dy, filter) => runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: image }),
    [image, [2, 2, 2, 2]],
  ),
  gradientRow(
    'Conv2DBackpropFilter',
    (x, dy) => runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: [2, 2, 2, 2] }),
    [image, image],
  ),
  gradientRow('DepthwiseConv2dNative', depthwise(1, 1), [
    [1, 4, 4, 2],
    [2, 2, 2, 2],
  ]),
  gradientRow('DepthwiseConv2dNative', depthwise(2, 1), [
    [1, 4, 4, 2],
    [2, 2, 2, 2],
  ]),
  gradientRow('DepthwiseConv2dNative', depthwise(1, 2), [
    [1, 4, 4, 2],
    [2, 2, 2, 2],
  ]),
  gradientRow(
    'DepthwiseConv2dNativeBackpropInput',
    (dy, filter) =>
      runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attributes, inputShape: image }),
    [image, [2, 2, 2, 1]],
  ),
  gradientRow(
    'DepthwiseConv2dNativeBackpropFilter',
    (x, dy) =>
      runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attributes, filterShape: [2, 2, 2, 1] }),
    [image, image],
  ),
];

describe('convolutionGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(convolutionGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
});
