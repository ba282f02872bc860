import '@tensorflow/tfjs-backend-cpu';
import {
  activation,
  apply,
  batchNormalization,
  dense,
  dropout,
  input,
  leakyRelu,
  model,
  relu,
  reshape,
  sequential,
} from '@gradstream/layers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelFacts } from './model-facts.js';
import { outputGoals } from './output-goal.js';

beforeAll(() => tf.setBackend('cpu'));

const factsOf = (
  one: ReturnType<typeof sequential>,
  loss: Parameters<typeof outputGoals>[2]['loss'] = 'meanSquaredError',
) => modelFacts(one, outputGoals('here', one, { loss }));

describe('modelFacts', () => {
  it('lists layers in order with activations and weights, and what gives the output', () => {
    const net = sequential(
      [
        dense(4, { activation: 'relu', inputShape: [2] }),
        batchNormalization(),
        dropout(0.5),
        dense(6, { activation: 'tanh', useBias: false }),
        reshape([2, 3]),
      ],
      { name: 'net' },
    );
    net.freeze('dense/kernel');
    const { layers, outputs, ...rest } = factsOf(net);
    expect(rest).toEqual({ name: 'net', parameters: net.parameterCount.total });
    expect(layers.map(({ name, type, activation, output }) => [name, type, activation, output])).toEqual([
      ['dense', 'Dense', 'relu', false],
      ['batch_normalization', 'BatchNormalization', null, false],
      ['dropout', 'Dropout', null, false],
      ['dense_1', 'Dense', 'tanh', true],
      ['reshape', 'Reshape', null, true],
    ]);
    expect(layers[0]!.weights).toEqual([
      { path: 'dense/kernel', shape: [2, 4], trainable: false },
      { path: 'dense/bias', shape: [4], trainable: true },
    ]);
    expect(outputs).toEqual([{ name: net.outputs[0]!.name, layer: 'reshape', loss: 'meanSquaredError' }]);
    expect(JSON.parse(JSON.stringify(layers))).toEqual(layers);
    net.dispose();
  });

  it.each([
    [relu(), 'relu'],
    [relu({ negativeSlope: 0.1 }), 'leakyRelu'],
    [leakyRelu(), 'leakyRelu'],
    [activation('sigmoid'), 'sigmoid'],
    [activation((x) => x), null],
    [dense(2, { activation: { type: 'relu', config: { negativeSlope: 0.2 } } as never }), 'leakyRelu'],
    [dense(2), null],
  ])('tells the activation of %o', (layer, name) => {
    const net = sequential([dense(2, { inputShape: [2] }), layer]);
    expect(factsOf(net).layers[1]!.activation).toBe(name);
    net.dispose();
  });

  it('takes the layers of models inside in their place, a shared one once a use, and several outputs', () => {
    const inner = sequential([dense(3, { activation: 'sigmoid', inputShape: [2] })], { name: 'inner' });
    const shared = dense(2, { name: 'shared' });
    const x = input({ shape: [2], name: 'x' });
    const a = apply(inner, x);
    const b = apply(shared, apply(shared, x));
    const net = model({ inputs: x, outputs: [a, b] });
    const { layers, outputs } = factsOf(net, ['meanSquaredError', null]);
    expect(layers.map(({ name, output, weights }) => [name, output, weights.length])).toEqual([
      ['inner/dense', true, 2],
      ['shared', false, 2],
      ['shared:1', true, 2],
    ]);
    expect(outputs.map(({ layer, loss }) => [layer, loss])).toEqual([
      ['inner/dense', 'meanSquaredError'],
      ['shared', null],
    ]);
    net.dispose();
  });
});
