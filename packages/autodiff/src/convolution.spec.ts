import '@tensorflow/tfjs-backend-cpu';
import { kernelCounts } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkBiasAndActivation, checkConvolution, type ConvolutionCase } from '../fixtures/convolution-cases.js';
import golden from '../fixtures/convolutions.json' with { type: 'json' };
import { convolution } from './convolution.js';
import { registerGradients } from './register-gradients.js';

registerGradients();
beforeAll(() => tf.setBackend('cpu'));

describe('convolution', () => {
  it.each(golden.cases as ConvolutionCase[])('$x.shape * $filter.shape $options has the numbers of Keras', (row) =>
    checkConvolution(convolution, row),
  );

  it.each(golden.cases.filter((_, index) => index % 4 === 1) as ConvolutionCase[])(
    '$x.shape * $filter.shape $options adds a bias and activates',
    (row) => checkBiasAndActivation(convolution, row),
  );

  it('strides and dilations together are those of a filter with zeros between its taps', () => {
    tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 12), [1, 12, 1]);
      const dilated = convolution({ x, filter: tf.tensor3d([1, 2, 3], [3, 1, 1]), strides: 2, dilations: 2 });
      const spread = convolution({ x, filter: tf.tensor3d([1, 0, 2, 0, 3], [5, 1, 1]), strides: 2 });
      expect(dilated.dataSync()).toEqual(spread.dataSync());
    });
  });

  it('costs one kernel backward where the image is not wanted', async () => {
    const x = tf.ones([1, 6, 6, 2]);
    const filter = tf.ones([3, 3, 2, 2]);
    const counts = await kernelCounts(() =>
      tf.tidy(() => void tf.grad((w: tf.Tensor) => convolution({ x, filter: w }))(filter)),
    );
    expect(counts['Conv2DBackpropFilter']).toBe(1);
    expect(counts['Conv2DBackpropInput']).toBeUndefined();
  });

  it('runs the fused kernel where a bias or an activation follows', async () => {
    const [x, filter, bias] = [tf.ones([1, 4, 2]), tf.ones([2, 2, 3]), tf.ones([3])];
    const kernels = (then: object): Promise<Record<string, number>> =>
      kernelCounts(() => tf.tidy(() => void convolution({ x, filter, ...then })));
    expect(await kernels({})).toMatchObject({ Conv2D: 1 });
    expect(await kernels({ bias })).toMatchObject({ FusedConv2D: 1 });
    expect(await kernels({ activation: 'relu' })).toMatchObject({ FusedConv2D: 1 });
    expect(await kernels({ bias, activation: 'tanh' })).toMatchObject({ FusedConv2D: 1, Tanh: 1 });
    expect(await kernels({ activation: 'tanh' })).toMatchObject({ Conv2D: 1, Tanh: 1 });
  });

  it('takes whole numbers', () => {
    const x = tf.tensor3d([1, 2, 3], [1, 3, 1], 'int32');
    expect([...convolution({ x, filter: tf.ones([2, 1, 1]) }).dataSync()]).toEqual([3, 5]);
  });

  it.each<[string, string, object]>([
    ['GS_OPTION_UNKNOWN', 'stride', { stride: 2 }],
    ['GS_OPTION_TYPE', 'a filter that is no tensor', { filter: [1, 2] }],
    ['GS_OPTION_VALUE', 'strides of 0', { strides: 0 }],
    ['GS_OPTION_VALUE', 'strides that are no number', { strides: [Number.NaN, 1] }],
    ['GS_OPTION_VALUE', 'too many dilations', { dilations: [1, 1, 1] }],
    ['GS_OPTION_VALUE', 'half a group', { groups: 0.5 }],
    ['GS_OPTION_VALUE', 'causal images', { padding: 'causal' }],
    ['GS_OPTION_VALUE', 'an unknown padding', { padding: 'full' }],
    ['GS_OPTION_VALUE', 'no padding', { padding: null }],
    ['GS_OPTION_VALUE', 'a padding for one dimension', { padding: [[1, 1]] }],
    [
      'GS_OPTION_VALUE',
      'a negative padding',
      {
        padding: [
          [1, 1],
          [0, -1],
        ],
      },
    ],
    ['GS_AUTODIFF_SHAPE', 'groups that do not divide the filters', { groups: 2, filter: tf.ones([3, 3, 2, 3]) }],
    ['GS_OPTION_VALUE', 'an unknown activation', { activation: 'step' }],
    ['GS_AUTODIFF_SHAPE', 'a bias of another size', { bias: tf.ones([3]) }],
    ['GS_AUTODIFF_SHAPE', 'a bias that is no tensor', { bias: [1, 2] }],
    ['GS_AUTODIFF_SHAPE', 'other channels', { filter: tf.ones([3, 3, 3, 2]) }],
    ['GS_AUTODIFF_SHAPE', 'a window that is too large', { filter: tf.ones([6, 3, 4, 2]) }],
    [
      'GS_AUTODIFF_SHAPE',
      'four spatial dimensions',
      { x: tf.ones([1, 2, 2, 2, 2, 4]), filter: tf.ones([1, 1, 1, 1, 4, 1]) },
    ],
    ['GS_AUTODIFF_SHAPE', 'a filter of other dimensions', { filter: tf.ones([3, 4, 2]) }],
  ])('throws %s for %s', (code, _what, wrong) => {
    const operands = { x: tf.ones([1, 5, 5, 4]), filter: tf.ones([3, 3, 4, 2]), ...wrong };
    expect(() => convolution(operands as never)).toThrow(expect.objectContaining({ code }));
  });
});
