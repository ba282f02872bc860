import '@tensorflow/tfjs-backend-cpu';
import { kernelCounts } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkBiasAndActivation, checkConvolution, type ConvolutionCase } from '../fixtures/convolution-cases.js';
import golden from '../fixtures/transposed-convolutions.json' with { type: 'json' };
import { registerGradients } from './register-gradients.js';
import { transposedConvolution } from './transposed-convolution.js';

registerGradients();
beforeAll(() => tf.setBackend('cpu'));

describe('transposedConvolution', () => {
  it.each(golden.cases as ConvolutionCase[])('$x.shape * $filter.shape $options has the numbers of Keras', (row) =>
    checkConvolution(transposedConvolution, row),
  );

  it.each(golden.cases.filter((_, index) => index % 4 === 1) as ConvolutionCase[])(
    '$x.shape * $filter.shape $options adds a bias and activates',
    (row) => checkBiasAndActivation(transposedConvolution, row),
  );

  it('strides and dilations together are those of a filter with zeros between its taps', () => {
    tf.tidy(() => {
      const x = tf.reshape(tf.range(1, 5), [1, 4, 1]);
      const dilated = transposedConvolution({ x, filter: tf.tensor3d([1, 2, 3], [3, 1, 1]), strides: 2, dilations: 2 });
      const spread = transposedConvolution({ x, filter: tf.tensor3d([1, 0, 2, 0, 3], [5, 1, 1]), strides: 2 });
      expect(dilated.dataSync()).toEqual(spread.dataSync());
    });
  });

  it('costs one convolution backward where the filter is not wanted', async () => {
    const filter = tf.ones([3, 3, 2, 2]);
    const by = tf.grad((x: tf.Tensor) => transposedConvolution({ x, filter }));
    const counts = await kernelCounts(() => tf.tidy(() => void by(tf.ones([1, 6, 6, 2]))));
    expect(counts['Conv2D']).toBe(1);
    expect(counts['Conv2DBackpropFilter']).toBeUndefined();
  });

  it.each<[string, string, object]>([
    ['GS_OPTION_UNKNOWN', 'groups', { groups: 2 }],
    ['GS_OPTION_VALUE', 'strides of 0', { strides: 0 }],
    ['GS_OPTION_VALUE', 'an output padding of the stride', { strides: 2, outputPadding: 2 }],
    ['GS_OPTION_VALUE', 'a causal padding', { padding: 'causal' }],
    [
      'GS_OPTION_VALUE',
      'pairs',
      {
        padding: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    ['GS_AUTODIFF_SHAPE', 'other channels', { filter: tf.ones([3, 3, 4, 2]) }],
    ['GS_AUTODIFF_SHAPE', 'nothing', { x: tf.ones([1, 0, 5, 4]) }],
  ])('throws %s for %s', (code, _what, wrong) => {
    const operands = { x: tf.ones([1, 5, 5, 4]), filter: tf.ones([3, 3, 2, 4]), ...wrong };
    expect(() => transposedConvolution(operands as never)).toThrow(expect.objectContaining({ code }));
  });
});
