import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { both, counter, custom, sum } from '../fixtures/layers.js';
import { apply, applyAll } from './apply.js';
import { cloneModel } from './clone-model.js';
import { activation } from './core/activation.js';
import { dense } from './core/dense.js';
import { input } from './core/input.js';
import { model } from './functional-model.js';
import type { Layer } from './layer.js';
import { modelFromConfig } from './model-from-config.js';
import { passMask } from './pass-mask.js';
import { dropout } from './regularization/dropout.js';
import { sequential } from './sequential.js';
import { submodel } from './submodel.js';

beforeAll(() => tf.setBackend('cpu'));

describe('model', () => {
  it('is a graph: branches, shared layers, several inputs and outputs, names', () => {
    const left = input({ shape: [3], name: 'left' });
    const right = input({ shape: [3], name: 'right' });
    const shared = dense(4, { activation: 'relu' });
    const joined = apply(sum(), [left.pipe(shared), right.pipe(shared)]);
    const net = model({ inputs: [left, right], outputs: { main: joined.pipe(dense(1)), side: joined }, seed: 1 });
    expect(net.inputs.map(({ name }) => name)).toEqual(['left', 'right']);
    expect(net.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['main', [null, 1]],
      ['side', [null, 4]],
    ]);
    expect(net.nodes.map(({ name }) => name)).toEqual(['dense', 'dense', 'sum', 'dense_1']);
    expect(net.weights.map(({ path }) => path)).toEqual([
      'dense/kernel',
      'dense/bias',
      'dense_1/kernel',
      'dense_1/bias',
    ]);
    expect(net.parameterCount.total).toBe(16 + 5);
    const x = tf.randomNormal([5, 3], 0, 1, 'float32', 3);
    const [main, side] = net.applyAll({ left: x, right: x });
    expect([main!.shape, side!.shape]).toEqual([
      [5, 1],
      [5, 4],
    ]);
    const [, once] = net.applyAll([x, tf.zerosLike(x)]);
    expectAllClose(side!, tf.mul(once!, 2));
    expect(() => net.apply([x, x])).toThrow(/GS_MODEL_OUTPUTS/);
  });

  it('takes functions in a pipe, and layers of several outputs', () => {
    const residual = (x: ReturnType<typeof input>['pipe'] extends (...a: never[]) => infer R ? R : never) =>
      apply(sum(), [x, x.pipe(dense(4, { kernelInitializer: 'zeros' }))]);
    const start = input({ shape: [4] });
    const [one, two] = applyAll(both(), start.pipe(residual));
    const net = model({ inputs: start, outputs: [one!, two!] });
    const x = tf.ones([2, 4]);
    const [a, b] = net.applyAll(x);
    expectAllClose(a!, x);
    expectAllClose(b!, tf.mul(x, 2));
    expect(net.outputs.map(({ name }) => name)).toEqual(['both', 'both_1']);
    expect(() => start.pipe(both(), dense(1))).toThrow(/GS_LAYER_OUTPUTS/);
  });

  it('gives each use of a shared layer its own random numbers', () => {
    const x = input({ shape: [1000] });
    const drop = dropout(0.5);
    const net = model({ inputs: x, outputs: apply(sum(), [x.pipe(drop), x.pipe(drop)]), seed: 1 });
    const values = net.apply(tf.ones([1, 1000]), { training: true }).dataSync();
    expect(values.filter((value) => value === 2).length).toBeGreaterThan(400);
  });

  it('shares the weights of models inside, trained or not, on all paths', () => {
    const base = sequential([dense(4, { inputShape: [3] })], { name: 'base', seed: 1 });
    const kernel = base.weights[0]!.variable;
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
    const inner = model({ inputs: a, outputs: a.pipe(base, dense(2)), name: 'inner' });
    const net = model({ inputs: b, outputs: apply(sum(), [b.pipe(inner), b.pipe(base, dense(2))]), seed: 2 });
    expect(net.weights.map(({ path }) => path)).toEqual([
      'inner/base/dense/kernel',
      'inner/base/dense/bias',
      'inner/dense/kernel',
      'inner/dense/bias',
      'dense/kernel',
      'dense/bias',
    ]);
    expect(net.weights[0]!.variable).toBe(kernel);
    expect(net.tensors['base/dense/kernel']).toBe(kernel);
    net.freeze('base');
    expect(base.weights.every(({ trainable }) => !trainable)).toBe(true);
    expect(net.parameterCount).toEqual({ total: 16 + 10 + 10, trainable: 20, frozen: 16 });
    base.unfreeze();
    expect(net.parameterCount.frozen).toBe(0);
    expect(net.apply(tf.ones([2, 3])).shape).toEqual([2, 2]);
  });

  it('makes a model of intermediate outputs with the same weights', () => {
    const net = sequential([dense(4, { inputShape: [3], activation: 'relu' }), dense(2)], { seed: 1 });
    const features = submodel(net, { outputs: 'dense' });
    const x = tf.randomNormal([2, 3], 0, 1, 'float32', 1);
    const before = features.apply(x);
    expect(before.shape).toEqual([2, 4]);
    net.weights[0]!.variable.assign(tf.zeros([3, 4]));
    expectAllClose(features.apply(x), tf.zeros([2, 4]));
    expect(() => submodel(net, { outputs: 'dens' })).toThrow(/GS_MODEL_LAYER/);
  });

  it('starts anywhere in another graph', () => {
    const x = input({ shape: [3] });
    const middle = x.pipe(dense(4));
    const head = model({ inputs: middle, outputs: middle.pipe(dense(2)), seed: 1 });
    expect(head.apply(tf.ones([1, 4])).shape).toEqual([1, 2]);
  });

  it('round-trips its config, and a clone has weights of its own', async () => {
    const a = input({ shape: [3], name: 'a' });
    const b = input({ shape: [4], name: 'b', dtype: 'int32' });
    const base = sequential([dense(4, { inputShape: [3] }), dropout(0.5)]);
    const [one, two] = applyAll(both(), apply(sum('joined'), [a.pipe(base), b.pipe(dense(4))]));
    const net = model({
      inputs: { first: a, second: b },
      outputs: { one: one!, two: two!.pipe(activation('tanh')) },
      seed: 5,
      name: 'net',
    });
    const again = modelFromConfig(JSON.parse(JSON.stringify(net.toConfig())), custom);
    expect(again.toConfig()).toEqual(net.toConfig());
    again.setWeights(await net.getWeights());
    const batch = { first: tf.ones([2, 3]), second: tf.ones([2, 4], 'int32') };
    const [x, y] = [net.applyAll(batch), again.applyAll(batch)];
    x.forEach((output, index) => expectAllClose(y[index]!, output));
    const clone = cloneModel(net, { seed: 6 });
    expect((await clone.getWeights())['sequential/dense/kernel']!.values).not.toEqual(
      (await net.getWeights())['sequential/dense/kernel']!.values,
    );
    expect(clone.nodes.map(({ name }) => name)).toEqual(net.nodes.map(({ name }) => name));
    expect(() => modelFromConfig(net.toConfig())).toThrow(/GS_LAYER_UNKNOWN .*received Sum/s);
  });

  it('keeps what layers count themselves, and resets states', () => {
    const x = input({ shape: [1] });
    const twice = counter();
    const net = model({ inputs: x, outputs: x.pipe(twice, twice) });
    const zero = tf.zeros([1, 1]);
    net.apply(zero).dispose();
    expect(net.apply(zero).dataSync()[0]).toBe(2 + 3);
    net.resetStates();
    const before = tf.memory().numTensors;
    expect(tf.tidy(() => net.apply(zero).dataSync()[0])).toBe(0 + 1);
    expect(tf.memory().numTensors).toBe(before);
    expect(net.parameterCount).toEqual({ total: 1, trainable: 0, frozen: 1 });
    net.unfreeze();
    expect(net.weights[0]!.trainable).toBe(false);
  });

  it('hands masks on where layers say so, into models inside too', () => {
    const seen: unknown[] = [];
    const masking: Layer = {
      ...activation('linear'),
      computeMask: ([x]) => tf.any(tf.notEqual(x!, 0), -1),
    };
    const looking: Layer = {
      ...activation('linear'),
      call: (_, [y], { masks }) => {
        seen.push(masks?.[0]?.dataSync());
        return y!;
      },
      computeMask: passMask,
    };
    const x = input({ shape: [3, 2] });
    const inner = model({ inputs: x, outputs: x.pipe(dense(2), looking) });
    const y = input({ shape: [3, 2] });
    const net = model({ inputs: y, outputs: y.pipe(masking, inner, looking) });
    net.apply(
      tf.tensor3d([
        [
          [1, 1],
          [0, 0],
          [0, 2],
        ],
      ]),
    );
    expect(seen).toEqual([Uint8Array.of(1, 0, 1), Uint8Array.of(1, 0, 1)]);
  });

  it('shows what is connected to what, and models inside', () => {
    const x = input({ shape: [3], name: 'x' });
    const base = sequential([dense(4, { inputShape: [3] })], { name: 'base' });
    const net = model({ inputs: x, outputs: apply(sum(), [x.pipe(base), x.pipe(base)]), name: 'net' });
    expect(net.summary({ expandNested: true, showTrainable: true })).toMatchInlineSnapshot(`
      "Model: "net"
      ┏━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━┓
      ┃ Layer (type)         ┃ Output Shape ┃ Param # ┃ Connected to ┃ Trains ┃
      ┡━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━┩
      │ x (InputLayer)       │ (null, 3)    │       0 │ -            │ -      │
      ├──────────────────────┼──────────────┼─────────┼──────────────┼────────┤
      │ base (Sequential)    │ (null, 4)    │      16 │ x            │ yes    │
      ├──────────────────────┼──────────────┼─────────┼──────────────┼────────┤
      │   input (InputLayer) │ (null, 3)    │       0 │ -            │ -      │
      ├──────────────────────┼──────────────┼─────────┼──────────────┼────────┤
      │   dense (Dense)      │ (null, 4)    │      16 │ input        │ yes    │
      ├──────────────────────┼──────────────┼─────────┼──────────────┼────────┤
      │ base (Sequential)    │ (null, 4)    │  shared │ x            │ yes    │
      ├──────────────────────┼──────────────┼─────────┼──────────────┼────────┤
      │ sum (Sum)            │ (null, 4)    │       0 │ base, base   │ -      │
      └──────────────────────┴──────────────┴─────────┴──────────────┴────────┘
       Total params: 16 (64.00 B)
       Trainable params: 16 (64.00 B)
       Non-trainable params: 0 (0.00 B)"
    `);
  });
});
