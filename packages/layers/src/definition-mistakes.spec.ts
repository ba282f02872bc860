import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { sum } from '../fixtures/layers.js';
import { apply } from './apply.js';
import { activation } from './core/activation.js';
import { dense } from './core/dense.js';
import { input } from './core/input.js';
import { model } from './functional-model.js';
import { modelFromConfig } from './model-from-config.js';

beforeAll(() => tf.setBackend('cpu'));

describe('mistakes in a graph', () => {
  const x = input({ shape: [3], name: 'x' });
  const z = input({ shape: [3], name: 'z' });
  it.each([
    [
      'an input that is missing',
      () => model({ inputs: x, outputs: apply(sum(), [x, z.pipe(dense(3, { name: 'lost' }))]) }),
      /GS_MODEL_DISCONNECTED .*also needs the input "z"/s,
    ],
    [
      'an input that leads nowhere',
      () => model({ inputs: [x, z], outputs: x.pipe(dense(1)) }),
      /GS_MODEL_INPUT_UNUSED .*"z"/s,
    ],
    ['one input twice', () => model({ inputs: [x, x], outputs: x.pipe(dense(1)) }), /GS_MODEL_NAME/],
    [
      'two inputs of one name',
      () => model({ inputs: [x, input({ shape: [3], name: 'x' })], outputs: x.pipe(dense(1)) }),
      /GS_MODEL_INPUT_UNUSED|GS_MODEL_NAME/,
    ],
    [
      'two layers of one name',
      () => model({ inputs: x, outputs: x.pipe(dense(2, { name: 'a' }), dense(2, { name: 'a' })) }),
      /GS_MODEL_NAME/,
    ],
    ['no outputs', () => model({ inputs: x, outputs: [] }), /GS_MODEL_TENSOR/],
    ['no tensors', () => model({ inputs: x, outputs: dense(1) as never }), /GS_MODEL_TENSOR/],
    ['a number as input', () => model({ inputs: 3 as never, outputs: x }), /GS_MODEL_TENSOR/],
    ['a factory instead of a layer', () => apply(dense as never, x), /GS_MODEL_LAYERS .*Call the factory/s],
    ['one tensor where two are needed', () => apply(sum(), x), /GS_LAYER_INPUTS .*2 to 9/s],
    ['two where one is needed', () => apply(dense(1), [x, z]), /GS_LAYER_INPUTS/],
    ['a function that gives no tensor', () => x.pipe(() => 3 as never), /GS_MODEL_TENSOR/],
    [
      'a wrong rank, with the way to it',
      () => input({ shape: [], name: 's' }).pipe(activation('relu'), dense(2, { name: 'd' })),
      /GS_LAYER_SHAPE .*"d", after s -> activation/s,
    ],
    [
      'a shared layer on two widths',
      () => ((shared) => model({ inputs: x, outputs: x.pipe(shared, dense(4), shared) }))(dense(5)),
      /GS_MODEL_SHARED/,
    ],
    ['a misspelt option', () => model({ inputs: x, outputs: x, naem: 'a' } as never), /GS_OPTION_UNKNOWN/],
  ])('%s', (_, define, message) => {
    expect(define).toThrow(message);
  });

  it('refuses batches that do not fit, by name', () => {
    const net = model({ inputs: [x, z], outputs: apply(sum(), [x, z]) });
    const [good, wide] = [tf.ones([1, 3]), tf.ones([1, 4])];
    expect(() => net.apply(good)).toThrow(/GS_MODEL_INPUT .*several inputs/s);
    expect(() => net.apply([good])).toThrow(/GS_MODEL_INPUT/);
    expect(() => net.apply({ x: good, y: good })).toThrow(/GS_MODEL_INPUT .*x, z; received x, y/s);
    expect(() => net.apply({ x: good, z: wide })).toThrow(/GS_MODEL_INPUT .*input "z"/s);
  });

  it('refuses configs that describe no graph', () => {
    const good = model({ inputs: x, outputs: x.pipe(dense(1)), seed: 1 }).toConfig();
    const wrong =
      (change: object): (() => unknown) =>
      () =>
        modelFromConfig({ ...good, config: { ...good.config, ...change } } as never);
    for (const change of [
      { nodes: 3 },
      { nodes: [{ layer: 'dense', inputs: [[0, 0]] }] },
      { nodes: [{ layer: 'none', inputs: [[-1, 0]] }] },
      { nodes: [{ layer: 'dense', inputs: [[-5, 0]] }] },
      { outputs: [{ name: 'y', from: [7, 0] }] },
      { inputs: [] },
      { layers: [null] },
      { outputs: [{ name: 'y', from: 'x' }] },
    ])
      expect(wrong(change)).toThrow(/GS_MODEL_CONFIG/);
    expect(() => modelFromConfig(null as never)).toThrow(/GS_MODEL_CONFIG/);
    expect(() => modelFromConfig({ type: '__proto__', config: {} })).toThrow(/GS_MODEL_CONFIG/);
    expect(() => modelFromConfig({ ...good, config: { ...good.config, seed: -1 } })).toThrow(/GS_OPTION_VALUE/);
  });
});
