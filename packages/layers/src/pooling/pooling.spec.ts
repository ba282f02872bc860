import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { checkLayer, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkConfig, type KerasConfigRow } from '../../fixtures/layer-configs.js';
import configs from '../../fixtures/pooling-configs.json' with { type: 'json' };
import { layerFromConfig } from '../layer-from-config.js';
import type { CallContext, Layer } from '../layer.js';
import {
  adaptiveAveragePooling1d,
  adaptiveAveragePooling2d,
  adaptiveAveragePooling3d,
  adaptiveMaxPooling1d,
  adaptiveMaxPooling2d,
  adaptiveMaxPooling3d,
  averagePooling1d,
  averagePooling2d,
  averagePooling3d,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalAveragePooling3d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  globalMaxPooling3d,
  maxPooling1d,
  maxPooling2d,
  maxPooling3d,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context: CallContext = { training: true, key: randomKey(0), step: new StepCounter(0) };
/** Different numbers, far enough from each other that a small step changes no order. */
const distinct = (shape: readonly number[]): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, index) => (((index * 29) % 97) - 48) / 16),
    [...shape],
  );
};

describe('pooling', () => {
  it.each<[string, Layer, number[]]>([
    ['maxPooling1d', maxPooling1d(), [2, 5, 2]],
    ['maxPooling2d', maxPooling2d([2, 3], { strides: 1, padding: 'same' }), [1, 3, 4, 2]],
    ['maxPooling3d', maxPooling3d(2, { padding: 'same' }), [1, 3, 2, 3, 1]],
    ['averagePooling1d', averagePooling1d(3, { strides: 2, padding: 'same' }), [2, 6, 2]],
    ['averagePooling2d', averagePooling2d(2), [1, 3, 4, 2]],
    ['averagePooling3d', averagePooling3d([1, 2, 2], { strides: 1, padding: 'same' }), [1, 2, 2, 3, 1]],
    ['globalMaxPooling1d', globalMaxPooling1d(), [2, 4, 2]],
    ['globalMaxPooling2d', globalMaxPooling2d({ keepdims: true }), [2, 2, 3, 2]],
    ['globalMaxPooling3d', globalMaxPooling3d(), [2, 2, 2, 2, 2]],
    ['globalAveragePooling1d', globalAveragePooling1d({ keepdims: true }), [2, 4, 2]],
    ['globalAveragePooling2d', globalAveragePooling2d(), [2, 2, 3, 2]],
    ['globalAveragePooling3d', globalAveragePooling3d(), [2, 2, 2, 2, 2]],
    ['adaptiveMaxPooling1d', adaptiveMaxPooling1d(3), [2, 5, 2]],
    ['adaptiveMaxPooling2d', adaptiveMaxPooling2d([2, 3]), [1, 4, 5, 2]],
    ['adaptiveMaxPooling3d', adaptiveMaxPooling3d(2), [1, 3, 3, 2, 1]],
    ['adaptiveAveragePooling1d', adaptiveAveragePooling1d(3), [2, 5, 2]],
    ['adaptiveAveragePooling2d', adaptiveAveragePooling2d([2, 3]), [1, 4, 5, 2]],
    ['adaptiveAveragePooling3d', adaptiveAveragePooling3d([2, 1, 3]), [1, 3, 3, 4, 1]],
  ])('%s keeps what it says', (_, layer, shape) => {
    checkLayer(layer, { inputs: [distinct(shape)], weight: () => tf.scalar(0), context, restore: layerFromConfig });
  });

  it.each(configs.configs as KerasConfigRow[])("$type $config has the entries of Keras' config", (row) =>
    checkConfig(row),
  );

  it('leaves sizes open that the data decides, and takes channels of unknown number', () => {
    expect(maxPooling2d(2).build([[null, null, 5, null]], 'p').outputShape).toEqual([null, null, 2, null]);
    expect(globalMaxPooling2d().build([[null, null, null, 3]], 'p').outputShape).toEqual([null, 3]);
    expect(adaptiveAveragePooling2d(2).build([[null, null, null, 3]], 'p').outputShape).toEqual([null, 2, 2, 3]);
  });

  it('makes outputs larger than inputs where asked to', () => {
    const x = tf.tensor3d([1, 5], [1, 2, 1]);
    expect([...outputOf(adaptiveMaxPooling1d(5).call({}, [x], context)).dataSync()]).toEqual([1, 1, 5, 5, 5]);
    expect([...outputOf(adaptiveAveragePooling1d(5).call({}, [x], context)).dataSync()]).toEqual([1, 1, 3, 5, 5]);
  });

  it('takes infinities for the smallest numbers', () => {
    const x = tf.tensor3d([Number.NEGATIVE_INFINITY, 2, Number.NEGATIVE_INFINITY], [1, 3, 1]);
    expect([...outputOf(adaptiveMaxPooling1d(2).call({}, [x], context)).dataSync()]).toEqual([2, 2]);
    expect([...outputOf(maxPooling1d(2, { strides: 1 }).call({}, [x], context)).dataSync()]).toEqual([2, 2]);
  });

  it('means over steps do not see what a mask leaves out, whatever it is', () => {
    const x = tf.tensor3d([1, Number.NaN, 3, Number.POSITIVE_INFINITY], [1, 4, 1]);
    const masks = [tf.tensor2d([[1, 0, 1, 0]], [1, 4], 'bool')];
    const layer = globalAveragePooling1d();
    expect([...outputOf(layer.call({}, [x], { ...context, masks })).dataSync()]).toEqual([2]);
    const slopes = tf.grad((moved: tf.Tensor) => outputOf(layer.call({}, [moved], { ...context, masks })))(x);
    expect([...slopes.dataSync()]).toEqual([0.5, 0, 0.5, 0]);
    expect(layer.computeMask).toBeUndefined();
  });

  it('refuses data that turns out to be too small', () => {
    const layer = maxPooling2d(3, { name: 'narrow' });
    expect(() => layer.call({}, [tf.ones([1, 2, 4, 1])], context)).toThrow(/GS_LAYER_SHAPE .*"narrow"/s);
  });
});

const on =
  (layer: () => Layer, ...shape: (number | null)[]): (() => unknown) =>
  () =>
    layer().build([[null, ...shape]], 'p');

it.each<[string, () => unknown, RegExp]>([
  ['a series instead of images', on(() => maxPooling2d(), 9, 3), /GS_LAYER_SHAPE .*"p".*height, width/s],
  ['images instead of a series', on(() => averagePooling1d(2), 9, 9, 3), /GS_LAYER_SHAPE .*steps/s],
  ['a series to pool everywhere', on(() => globalMaxPooling2d(), 9, 3), /GS_LAYER_SHAPE/],
  ['a series to pool adaptively', on(() => adaptiveMaxPooling3d(2), 9, 3), /GS_LAYER_SHAPE .*depth/s],
  [
    'a window larger than the image',
    on(() => maxPooling2d([2, 4]), 9, 3, 1),
    /GS_LAYER_SHAPE .*dimension 2.*at least 4/s,
  ],
  ['no window', () => averagePooling2d(undefined as never), /GS_OPTION_VALUE .*poolSize/s],
  ['a window of 0', () => maxPooling1d(0), /GS_OPTION_VALUE .*poolSize/s],
  ['a window of three sizes', () => maxPooling2d([1, 2, 3] as never), /GS_OPTION_VALUE .*list of 2/s],
  ['strides of 0', () => maxPooling2d(2, { strides: 0 }), /GS_OPTION_VALUE .*strides/s],
  ['half a stride', () => maxPooling2d(2, { strides: [1, 0.5] }), /GS_OPTION_VALUE .*strides/s],
  ['causal windows', () => maxPooling1d(2, { padding: 'causal' as never }), /GS_OPTION_VALUE .*padding/s],
  ['channels first', () => maxPooling2d(2, { dataFormat: 'channelsFirst' as never }), /GS_OPTION_VALUE .*permute/s],
  ['channels first everywhere', () => globalMaxPooling1d({ dataFormat: 'channelsFirst' as never }), /permute/],
  ['a keepdims that is a number', () => globalMaxPooling1d({ keepdims: 1 as never }), /GS_OPTION_VALUE .*keepdims/s],
  ['no output size', () => adaptiveMaxPooling2d(undefined as never), /GS_OPTION_VALUE .*outputSize/s],
  ['an output size of 0', () => adaptiveAveragePooling2d([2, 0]), /GS_OPTION_VALUE .*outputSize/s],
  ['an output size that is NaN', () => adaptiveAveragePooling1d(Number.NaN), /GS_OPTION_VALUE .*outputSize/s],
  ['an option of another layer', () => globalMaxPooling1d({ strides: 2 } as never), /GS_OPTION_UNKNOWN/],
  ['options that are text', () => maxPooling2d(2, 'same' as never), /GS_OPTION_TYPE/],
])('refuses %s', (_, define, message) => {
  expect(define).toThrow(message);
});
