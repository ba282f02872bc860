import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey, uniformValues } from '@gradstream/core';
import { checkLayer } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import configs from '../../fixtures/convolution-configs.json' with { type: 'json' };
import { checkConfig } from '../../fixtures/layer-configs.js';
import { layerFromConfig } from '../layer-from-config.js';
import type { CallContext, Layer } from '../layer.js';
import {
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  conv3d,
  conv3dTranspose,
  depthwiseConv1d,
  depthwiseConv2d,
  separableConv1d,
  separableConv2d,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context: CallContext = { training: true, key: randomKey(0), step: new StepCounter(0) };
const drawn = (shape: readonly number[], seed = 1): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(uniformValues(randomKey(seed), 0, size, -1, 1), [...shape]);
};

describe('convolutions', () => {
  it.each<[string, Layer, number[]]>([
    ['conv1d', conv1d(3, 2, { padding: 'causal', dilationRate: 2 }), [2, 5, 2]],
    ['conv2d', conv2d(2, [2, 3], { strides: [2, 1], padding: 'same', activation: 'tanh' }), [1, 4, 4, 2]],
    ['conv2d, grouped', conv2d(4, 2, { groups: 2, useBias: false }), [1, 3, 3, 4]],
    ['conv2d, glu', conv2d(4, 2, { activation: 'glu' }), [1, 3, 3, 2]],
    ['conv3d', conv3d(2, 2, { activation: 'sigmoid' }), [1, 3, 2, 3, 1]],
    ['conv1dTranspose', conv1dTranspose(2, 3, { strides: 2, outputPadding: 1 }), [1, 3, 2]],
    ['conv2dTranspose', conv2dTranspose(2, 2, { strides: 2, padding: 'same', activation: 'tanh' }), [1, 2, 3, 2]],
    ['conv3dTranspose', conv3dTranspose(1, 2, { dilationRate: 2 }), [1, 2, 2, 2, 1]],
    ['depthwiseConv1d', depthwiseConv1d(2, { depthMultiplier: 2 }), [1, 4, 2]],
    ['depthwiseConv2d', depthwiseConv2d(2, { padding: 'same', activation: 'softplus' }), [1, 3, 3, 2]],
    ['separableConv1d', separableConv1d(3, 2, { activation: 'tanh' }), [1, 4, 2]],
    ['separableConv2d', separableConv2d(3, 2, { depthMultiplier: 2, strides: 2 }), [1, 4, 4, 2]],
  ])('%s keeps what it says', (_, layer, shape) => {
    checkLayer(layer, {
      inputs: [drawn(shape)],
      weight: (of, name) => drawn(of, name === 'bias' ? 3 : 2),
      context,
      restore: layerFromConfig,
    });
  });

  it.each(configs.configs)("$type $config.padding has the entries of Keras' config", (row) => checkConfig(row));

  it('leaves sizes open that the data decides', () => {
    const images = [null, null, 9, 3];
    expect(conv2d(4, 3, { strides: 2 }).build([images], 'c').outputShape).toEqual([null, null, 4, 4]);
    expect(conv2dTranspose(4, 3, { strides: 2 }).build([images], 'c').outputShape).toEqual([null, null, 19, 4]);
    expect(depthwiseConv2d(3).build([images], 'c').outputShape).toEqual([null, null, 7, 3]);
    expect(separableConv2d(5, 3, { padding: 'same' }).build([images], 'c').outputShape).toEqual([null, null, 9, 5]);
  });

  it('names its weights and gives them their parts', () => {
    const layer = separableConv2d(4, 3, {
      depthMultiplier: 2,
      depthwiseRegularizer: 'l2',
      pointwiseConstraint: 'nonNegative',
      biasInitializer: 'ones',
    });
    const { weights } = layer.build([[null, 5, 5, 3]], 'separable');
    expect(
      weights.map(({ name, shape, regularizer, constraint }) => [
        name,
        shape,
        regularizer !== undefined,
        constraint !== undefined,
      ]),
    ).toEqual([
      ['depthwise_kernel', [3, 3, 3, 2], true, false],
      ['pointwise_kernel', [1, 1, 6, 4], false, true],
      ['bias', [4], false, false],
    ]);
  });

  it('loses masks, as it mixes positions', () => {
    expect(conv1d(2, 2).computeMask).toBeUndefined();
  });
});

const on =
  (layer: () => Layer, ...shape: (number | null)[]): (() => unknown) =>
  () =>
    layer().build([[null, ...shape]], 'c');

it.each<[string, () => unknown, RegExp]>([
  ['a series instead of images', on(() => conv2d(2, 3), 9, 3), /GS_LAYER_SHAPE .*"c".*height, width/s],
  ['images instead of a series', on(() => conv1d(2, 3), 9, 9, 3), /GS_LAYER_SHAPE .*steps/s],
  ['images instead of volumes', on(() => conv3dTranspose(2, 3), 9, 9, 3), /GS_LAYER_SHAPE .*depth/s],
  ['unknown channels', on(() => conv2d(2, 3), 9, 9, null), /GS_LAYER_SHAPE .*channels is not known/s],
  ['unknown channels of a depthwise one', on(() => depthwiseConv1d(2), 9, null), /GS_LAYER_SHAPE/],
  ['a window larger than the image', on(() => conv2d(2, 5), 9, 4, 3), /GS_LAYER_SHAPE .*dimension 2.*at least 5/s],
  ['dilated beyond the steps', on(() => conv1d(2, 3, { dilationRate: 4 }), 8, 1), /GS_LAYER_SHAPE .*at least 9/s],
  ['a large separable window', on(() => separableConv1d(2, 5), 4, 1), /GS_LAYER_SHAPE/],
  ['channels that groups do not divide', on(() => conv2d(4, 2, { groups: 2 }), 9, 9, 3), /GS_LAYER_SHAPE .*2 groups/s],
  [
    'a transposed output of nothing',
    on(() => conv1dTranspose(1, 2, { padding: 'same', outputPadding: 0 }), 1, 1),
    /GS_LAYER_SHAPE .*Nothing is left/s,
  ],
  ['filters that groups do not divide', () => conv2d(3, 2, { groups: 2 }), /GS_OPTION_VALUE .*2 groups/s],
  ['no filters', () => conv2d(0, 2), /GS_OPTION_VALUE .*"?filters/s],
  ['half a filter', () => conv1dTranspose(1.5, 2), /GS_OPTION_VALUE/],
  ['filters that are none', () => separableConv1d(Number.NaN, 2), /GS_OPTION_VALUE/],
  ['no groups', () => conv1d(2, 2, { groups: 0 }), /GS_OPTION_VALUE/],
  ['a window of 0', () => conv2d(2, [3, 0]), /GS_OPTION_VALUE .*kernelSize/s],
  ['a window of three sizes', () => conv2d(2, [3, 3, 3] as never), /GS_OPTION_VALUE .*list of 2/s],
  ['no window', () => depthwiseConv2d(undefined as never), /GS_OPTION_VALUE .*kernelSize/s],
  ['strides of 0', () => conv2d(2, 3, { strides: 0 }), /GS_OPTION_VALUE .*strides/s],
  ['strides that are text', () => conv2d(2, 3, { strides: '2' as never }), /GS_OPTION_VALUE .*strides/s],
  ['a negative dilation', () => conv2d(2, 3, { dilationRate: -1 }), /GS_OPTION_VALUE .*dilationRate/s],
  [
    'strides and dilations',
    () => conv2d(2, 3, { strides: [1, 2], dilationRate: 2 }),
    /GS_OPTION_VALUE .*both above 1/s,
  ],
  [
    'transposed strides and dilations',
    () => conv1dTranspose(2, 3, { strides: 2, dilationRate: 2 }),
    /GS_OPTION_VALUE .*both above 1/s,
  ],
  ['causal images', () => conv2d(2, 3, { padding: 'causal' as never }), /GS_OPTION_VALUE .*padding/s],
  ['causal depthwise steps', () => depthwiseConv1d(3, { padding: 'causal' as never }), /GS_OPTION_VALUE/],
  ['a misspelt padding', () => conv1d(2, 3, { padding: 'smae' as never }), /GS_OPTION_VALUE .*"same"/s],
  ['channels first', () => conv2d(2, 3, { dataFormat: 'channelsFirst' as never }), /GS_OPTION_VALUE .*permute/s],
  ['an output padding of the stride', () => conv2dTranspose(2, 3, { strides: 2, outputPadding: 2 }), /GS_OPTION_VALUE/],
  ['an output padding of -1', () => conv2dTranspose(2, 3, { outputPadding: [0, -1] }), /GS_OPTION_VALUE/],
  ['half a multiplier', () => separableConv2d(2, 3, { depthMultiplier: 0.5 }), /GS_OPTION_VALUE/],
  ['groups of a transposed one', () => conv2dTranspose(2, 3, { groups: 2 } as never), /GS_OPTION_UNKNOWN/],
  [
    'a kernel of a depthwise one',
    () => depthwiseConv2d(3, { kernelInitializer: 'zeros' } as never),
    /GS_OPTION_UNKNOWN/,
  ],
  ['an unknown activation', () => conv2d(2, 3, { activation: 'rely' }), /relu/],
  ['options that are a number', () => conv2d(2, 3, 3 as never), /GS_OPTION_TYPE/],
  ['no options at all', () => conv2d(2, 3, null as never), /GS_OPTION_TYPE/],
])('refuses %s', (_, define, message) => {
  expect(define).toThrow(message);
});

it.each<[string, Layer]>([
  ['conv2d', conv2d(1, 3, { name: 'narrow' })],
  ['depthwiseConv2d', depthwiseConv2d(3, { name: 'narrow' })],
  ['separableConv2d', separableConv2d(1, 3, { name: 'narrow' })],
])('%s refuses data that turns out to be too small', (_, layer) => {
  const weights = Object.fromEntries(
    layer.build([[null, null, null, 1]], 'c').weights.map(({ name, shape }) => [name, tf.ones([...shape])]),
  );
  expect(() => layer.call(weights, [tf.ones([1, 2, 2, 1])], context)).toThrow(/GS_LAYER_SHAPE .*"narrow"/s);
});
