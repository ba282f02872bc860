import '@tensorflow/tfjs-backend-cpu';
import { kernelCounts } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';

await tf.setBackend('cpu');
registerGradients();

const image = tf.ones([1, 4, 4, 2]) as tf.Tensor4D;
const filter = tf.ones([2, 2, 2, 1]) as tf.Tensor4D;
const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
const b = tf.tensor2d([5, 6, 7, 8], [2, 2]);
const row = tf.tensor1d([1, 2]);

/** The kernels of the backward pass by one input alone, with the other input constant. */
async function backwardKernels(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  wanted: number,
): Promise<Record<string, number>> {
  const through = (x: tf.Tensor): tf.Tensor => f(...inputs.map((input, index) => (index === wanted ? x : input)));
  const dy = tf.tidy(() => tf.onesLike(f(...inputs)));
  const forward = await kernelCounts(() => tf.tidy(() => void through(inputs[wanted]!)));
  const both = await kernelCounts(() => tf.tidy(() => void tf.grad(through)(inputs[wanted]!, dy)));
  dy.dispose();
  // The copies that are saved for the backward pass are not part of it.
  delete both['Identity'];
  for (const [name, count] of Object.entries(forward)) if ((both[name]! -= count) === 0) delete both[name];
  return both;
}

describe('wanted inputs', () => {
  const conv2d = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
  const depthwise = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');

  it.each([
    ['a product by its left operand', (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y), [a, b], 0, { BatchMatMul: 1 }],
    ['a product by its right operand', (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y), [a, b], 1, { BatchMatMul: 1 }],
    ['a convolution by its input', conv2d, [image, filter], 0, { Conv2DBackpropInput: 1 }],
    ['a convolution by its filter', conv2d, [image, filter], 1, { Conv2DBackpropFilter: 1 }],
    ['a depthwise convolution by its input', depthwise, [image, filter], 0, { DepthwiseConv2dNativeBackpropInput: 1 }],
    [
      'a depthwise convolution by its filter',
      depthwise,
      [image, filter],
      1,
      { DepthwiseConv2dNativeBackpropFilter: 1 },
    ],
    ['a factor', (x: tf.Tensor, y: tf.Tensor) => tf.mul(x, y), [a, b], 0, { Multiply: 1 }],
    ['a dividend', (x: tf.Tensor, y: tf.Tensor) => tf.div(x, y), [a, b], 0, { RealDiv: 1 }],
    ['a sum without broadcasting', (x: tf.Tensor, y: tf.Tensor) => tf.add(x, y), [a, b], 1, { Reshape: 1 }],
    ['the wide side of a broadcast sum', (x: tf.Tensor, y: tf.Tensor) => tf.add(x, y), [a, row], 0, { Reshape: 1 }],
    [
      'a side that lacks dimensions of 1 alone',
      (x: tf.Tensor, y: tf.Tensor) => tf.add(x, y),
      [tf.ones([1, 1, 2]), row],
      1,
      { Reshape: 1 },
    ],
    [
      'the narrow side of a broadcast sum',
      (x: tf.Tensor, y: tf.Tensor) => tf.add(x, y),
      [a, row],
      1,
      { Fill: 1, Reshape: 1, BatchMatMul: 1 },
    ],
    [
      'a dilated convolution by its filter',
      (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid', 'NHWC', 2),
      [image, filter],
      1,
      { PadV2: 1, Reshape: 6, Slice: 4, BatchMatMul: 4, Concat: 1 },
    ],
    [
      'an einsum by its left operand',
      (x: tf.Tensor, y: tf.Tensor) => tf.einsum('ab,bc->ac', x, y),
      [a, b],
      0,
      { Reshape: 3, BatchMatMul: 1 },
    ],
    ['one part of a concatenation', (x: tf.Tensor, y: tf.Tensor) => tf.concat([x, y]), [a, b], 1, { Slice: 1 }],
    ['one part of a stack', (x: tf.Tensor, y: tf.Tensor) => tf.stack([x, y]), [a, b], 0, { Slice: 1, Reshape: 1 }],
  ] as const)('%s costs its own kernels alone', async (_, f, inputs, wanted, expected) => {
    expect(await backwardKernels(f, [...inputs], wanted)).toEqual(expected);
  });
});
