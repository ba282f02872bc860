import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkBiasAndActivation, checkConvolution, type ConvolutionCase } from '../fixtures/convolution-cases.js';
import golden from '../fixtures/depthwise-convolutions.json' with { type: 'json' };
import { depthwiseConvolution } from './depthwise-convolution.js';
import { registerGradients } from './register-gradients.js';

registerGradients();
beforeAll(() => tf.setBackend('cpu'));

describe('depthwiseConvolution', () => {
  it.each(golden.cases as ConvolutionCase[])('$x.shape * $filter.shape $options has the numbers of Keras', (row) =>
    checkConvolution(depthwiseConvolution, row),
  );

  it.each(golden.cases.filter((_, index) => index % 4 === 1) as ConvolutionCase[])(
    '$x.shape * $filter.shape $options adds a bias and activates',
    (row) => checkBiasAndActivation(depthwiseConvolution, row),
  );

  it('strides and dilations together are those of a filter with zeros between its taps', () => {
    tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 12), [1, 12, 1]);
      const dilated = depthwiseConvolution({ x, filter: tf.tensor3d([1, 2, 3], [3, 1, 1]), strides: 2, dilations: 2 });
      const spread = depthwiseConvolution({ x, filter: tf.tensor3d([1, 0, 2, 0, 3], [5, 1, 1]), strides: 2 });
      expect(dilated.dataSync()).toEqual(spread.dataSync());
    });
  });

  it.each<[string, string, object]>([
    ['GS_OPTION_UNKNOWN', 'groups', { groups: 2 }],
    ['GS_OPTION_VALUE', 'strides of 0', { strides: 0 }],
    ['GS_AUTODIFF_SHAPE', 'other channels', { filter: tf.ones([3, 3, 3, 2]) }],
    [
      'GS_AUTODIFF_SHAPE',
      'three spatial dimensions',
      { x: tf.ones([1, 2, 2, 2, 4]), filter: tf.ones([1, 1, 1, 4, 1]) },
    ],
  ])('throws %s for %s', (code, _what, wrong) => {
    const operands = { x: tf.ones([1, 5, 5, 4]), filter: tf.ones([3, 3, 4, 2]), ...wrong };
    expect(() => depthwiseConvolution(operands as never)).toThrow(expect.objectContaining({ code }));
  });
});
