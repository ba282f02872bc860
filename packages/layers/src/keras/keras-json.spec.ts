import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply } from '../apply.js';
import { dense } from '../core/dense.js';
import { input } from '../core/input.js';
import { model } from '../functional-model.js';
import { add } from '../merging/add.js';
import type { Model } from '../model.js';
import { sequential } from '../sequential.js';
import { fromKerasJson } from './from-keras-json.js';
import { toKerasJson } from './to-keras-json.js';

beforeAll(() => tf.setBackend('cpu'));

const policy = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null };
const tensor = (name: string, shape: (number | null)[], use = 0, output = 0) => ({
  class_name: '__keras_tensor__',
  config: { shape, dtype: 'float32', keras_history: [name, use, output] },
});

/** A graph in Keras' own order, as `to_json` writes it: a shared layer, a model inside, named inputs. */
function graph(): { config: { layers: Record<string, unknown>[]; [key: string]: unknown }; [key: string]: unknown } {
  const inputLayer = (name: string) => ({
    module: 'keras.layers',
    class_name: 'InputLayer',
    config: { batch_shape: [null, 3], dtype: 'float32', sparse: false, ragged: false, name, optional: false },
    registered_name: null,
    name,
    inbound_nodes: [],
  });
  const denseLayer = (name: string, units: number, activation = 'linear') => ({
    module: 'keras.layers',
    class_name: 'Dense',
    config: {
      name,
      trainable: true,
      dtype: policy,
      units,
      activation,
      use_bias: true,
      kernel_initializer: {
        module: 'keras.initializers',
        class_name: 'GlorotUniform',
        config: { seed: null },
        registered_name: null,
      },
      bias_initializer: { module: 'keras.initializers', class_name: 'Zeros', config: {}, registered_name: null },
      kernel_regularizer: null,
      quantization_config: null,
    },
    registered_name: null,
    build_config: { input_shape: [null, 3] },
  });
  const base = {
    module: 'keras',
    class_name: 'Sequential',
    config: {
      name: 'base',
      trainable: true,
      dtype: policy,
      layers: [denseLayer('inner', 2)],
      build_input_shape: [null, 4],
    },
    registered_name: null,
    build_config: { input_shape: [null, 4] },
  };
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name: 'net',
      trainable: true,
      layers: [
        inputLayer('a'),
        // Listed before what it needs: layers of one depth come in any order.
        { ...base, name: 'base', inbound_nodes: [{ args: [tensor('add', [null, 4])], kwargs: { mask: null } }] },
        inputLayer('b'),
        {
          ...denseLayer('shared', 4, 'relu'),
          name: 'shared',
          inbound_nodes: [
            { args: [tensor('a', [null, 3])], kwargs: {} },
            { args: [tensor('b', [null, 3])], kwargs: {} },
          ],
        },
        {
          module: 'keras.layers',
          class_name: 'Add',
          config: { name: 'add', trainable: true, dtype: policy },
          registered_name: null,
          name: 'add',
          inbound_nodes: [{ args: [[tensor('shared', [null, 4]), tensor('shared', [null, 4], 1)]], kwargs: {} }],
        },
      ],
      input_layers: { a: ['a', 0, 0], b: ['b', 0, 0] },
      output_layers: { out: ['base', 0, 0], sum: ['add', 0, 0] },
    },
    registered_name: 'Functional',
    build_config: { input_shape: null },
    compile_config: {},
  };
}

describe('fromKerasJson', () => {
  it('reads graphs with shared layers and models inside, text or parsed', () => {
    const net = fromKerasJson(JSON.stringify(graph()), { seed: 1 });
    expect(net.inputs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(net.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['out', [null, 2]],
      ['sum', [null, 4]],
    ]);
    expect(net.weights.map(({ path }) => path)).toEqual([
      'shared/kernel',
      'shared/bias',
      'base/inner/kernel',
      'base/inner/bias',
    ]);
    expect(
      fromKerasJson(graph())
        .applyAll([tf.ones([2, 3]), tf.ones([2, 3])])
        .map(({ shape }) => shape),
    ).toEqual([
      [2, 2],
      [2, 4],
    ]);
  });

  it('leaves out the operations with which Keras computes masks', () => {
    const json = graph();
    const dense = json.config.layers[3]!;
    const calls = dense.inbound_nodes as { kwargs: object }[];
    dense.inbound_nodes = calls.map((call) => ({ ...call, kwargs: { mask: tensor('not_equal', [null, 3]) } }));
    const operation = {
      module: 'keras.src.ops.numpy',
      class_name: 'NotEqual',
      config: { name: 'not_equal' },
      registered_name: 'NotEqual',
      name: 'not_equal',
      inbound_nodes: [{ args: [tensor('a', [null, 3]), 0], kwargs: {} }],
    };
    json.config.layers.push(operation);
    expect(fromKerasJson(json).nodes).toHaveLength(4);
    dense.inbound_nodes = [{ args: [tensor('not_equal', [null, 3])], kwargs: {} }];
    expect(() => fromKerasJson(json)).toThrow(/GS_KERAS_CONFIG .*never comes/s);
  });

  it.each([true, false])(
    'passes over training: %s at a call, as Keras does in fit, evaluate and predict',
    (training) => {
      const json = graph();
      const inner = json.config.layers[3]!;
      inner.inbound_nodes = (inner.inbound_nodes as object[]).map((call) => ({ ...call, kwargs: { training } }));
      expect(fromKerasJson(json, { seed: 1 }).toConfig()).toEqual(fromKerasJson(graph(), { seed: 1 }).toConfig());
    },
  );

  it('reads a call of an image layer, which Keras always gives its training', () => {
    const json = graph();
    json.config.layers[0]!.config = { batch_shape: [null, 8, 8, 3], dtype: 'float32', name: 'a' };
    const resizing = { name: 'shared', height: 4, width: 5, data_format: 'channels_last', interpolation: 'bilinear' };
    const inbound = [{ args: [tensor('a', [null, 8, 8, 3])], kwargs: { training: true } }];
    const layer = { module: 'keras.layers', class_name: 'Resizing', config: resizing, registered_name: null };
    json.config.layers = [json.config.layers[0]!, { ...layer, name: 'shared', inbound_nodes: inbound }];
    Object.assign(json.config, { input_layers: [['a', 0, 0]], output_layers: [['shared', 0, 0]] });
    expect(fromKerasJson(json).apply(tf.ones([2, 8, 8, 3])).shape).toEqual([2, 4, 5, 3]);
  });

  it.each([
    ['no JSON', () => fromKerasJson('{'), /GS_KERAS_CONFIG .*no JSON/s],
    ['a layer alone', () => fromKerasJson(graph().config.layers[3]!), /GS_KERAS_CONFIG/],
    ['null', () => fromKerasJson(null as never), /GS_KERAS_CONFIG/],
    [
      'a class that runs code',
      () => changed((layers) => (layers[4]!.class_name = 'Lambda')),
      /GS_(LAYER|KERAS|OPTION)/,
    ],
    ['a class that is not here', () => changed((layers) => (layers[4]!.class_name = 'Magic')), /GS_LAYER_UNKNOWN/],
    ['another module', () => changed((layers) => (layers[4]!.module = 'os')), /GS_KERAS_CONFIG/],
    [
      'an option that is not read',
      () => changed((layers) => ((layers[4]!.config as Record<string, unknown>).danger = 1)),
      /GS_OPTION_UNKNOWN/,
    ],
    [
      'half precision',
      () => changed((layers) => ((layers[4]!.config as Record<string, unknown>).dtype = 'float16')),
      /GS_KERAS_CONFIG .*dtype/s,
    ],
    [
      'a circle',
      () => changed((layers) => (layers[4]!.inbound_nodes = [{ args: [[tensor('base', [null, 2])]], kwargs: {} }])),
      /GS_KERAS_CONFIG .*never comes/s,
    ],
    [
      'a tensor without a history',
      () =>
        changed(
          (layers) =>
            (layers[4]!.inbound_nodes = [{ args: [{ class_name: '__keras_tensor__', config: {} }], kwargs: {} }]),
        ),
      /GS_KERAS_CONFIG/,
    ],
    [
      'a call with something else',
      () =>
        changed(
          (layers) => (layers[3]!.inbound_nodes = [{ args: [tensor('a', [null, 3])], kwargs: { sharpen: true } }]),
        ),
      /GS_KERAS_CONFIG .*not read/s,
    ],
    [
      'an input of strings',
      () => changed((layers) => ((layers[0]!.config as Record<string, unknown>).dtype = 'string')),
      /GS_KERAS_CONFIG/,
    ],
    [
      'an input without a shape',
      () => changed((layers) => delete (layers[0]!.config as Record<string, unknown>).batch_shape),
      /GS_KERAS_CONFIG .*shape/s,
    ],
    [
      'no outputs',
      () => fromKerasJson({ ...graph(), config: { ...graph().config, output_layers: [['none', 0, 0]] } }),
      /GS_KERAS_CONFIG/,
    ],
  ])('refuses %s', (_, read, message) => {
    expect(read).toThrow(message);
  });
});

function changed(change: (layers: Record<string, unknown>[]) => unknown): Model {
  const json = graph();
  change(json.config.layers);
  return fromKerasJson(json);
}

describe('toKerasJson', () => {
  it('writes what fromKerasJson reads, to the last option', async () => {
    const [a, b] = [input({ shape: [3], name: 'a' }), input({ shape: [3], name: 'b' })];
    const shared = dense(4, { activation: 'tanh', kernelRegularizer: 'l2', name: 'first' });
    const base = sequential([dense(2, { inputShape: [4] })], { name: 'base' });
    const joined = add([a.pipe(shared), b.pipe(shared)]);
    const net = model({ inputs: [a, b], outputs: { out: apply(base, joined), sum: joined }, name: 'net', seed: 3 });
    const json = JSON.parse(JSON.stringify(toKerasJson(net)));
    const again = fromKerasJson(json, { seed: 3 });
    expect(toKerasJson(again)).toEqual(json);
    again.setWeights(await net.getWeights());
    const batch = [tf.ones([2, 3]), tf.fill([2, 3], -0.5)];
    net.applyAll(batch).forEach((output, index) => expectAllClose(again.applyAll(batch)[index]!, output));
    expect(json.config.layers[2]).toMatchObject({
      module: 'keras.layers',
      class_name: 'Dense',
      config: { name: 'first', units: 4, activation: 'tanh', use_bias: true, kernel_regularizer: { class_name: 'L2' } },
    });
  });
});
