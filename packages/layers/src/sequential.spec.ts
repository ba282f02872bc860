import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activation } from './core/activation.js';
import { dense } from './core/dense.js';
import { input } from './core/input.js';
import { dropout } from './regularization/dropout.js';
import { flatten } from './reshaping/flatten.js';
import { sequential } from './sequential.js';

beforeAll(() => tf.setBackend('cpu'));

const digits = (seed = 1): ReturnType<typeof sequential> =>
  sequential(
    [
      input({ shape: [28, 28] }),
      flatten(),
      dense(16, { activation: 'relu' }),
      dropout(0.5),
      dense(10, { activation: 'softmax' }),
    ],
    { seed },
  );

describe('sequential', () => {
  it('infers shapes and names without drawing a weight', () => {
    const before = tf.memory().numTensors;
    const model = digits();
    expect(model.nodes.map(({ name, outputShape }) => [name, outputShape])).toEqual([
      ['flatten', [null, 784]],
      ['dense', [null, 16]],
      ['dropout', [null, 16]],
      ['dense_1', [null, 10]],
    ]);
    expect(model.outputShape).toEqual([null, 10]);
    expect(model.parameterCount).toEqual({ total: 784 * 16 + 16 + 170, trainable: 784 * 16 + 16 + 170, frozen: 0 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('draws the same weights from the same seed, others from another, and each layer its own', async () => {
    const [a, b, c] = await Promise.all([digits(5).getWeights(), digits(5).getWeights(), digits(6).getWeights()]);
    expect(a).toEqual(b);
    expect(a['dense/kernel']!.values).not.toEqual(c['dense/kernel']!.values);
    const twins = await sequential([dense(4, { inputShape: [4] }), dense(4)], { seed: 1 }).getWeights();
    expect(twins['dense/kernel']!.values).not.toEqual(twins['dense_1/kernel']!.values);
  });

  it('tells the seed it drew where none was given', () => {
    const model = sequential([dense(1, { inputShape: [1] })]);
    expect(Number.isSafeInteger(model.seed)).toBe(true);
  });

  it('computes what its layers compute', () => {
    const model = sequential([dense(2, { inputShape: [3], activation: 'relu' }), activation('tanh')], { seed: 0 });
    model.setWeights({
      'dense/kernel': { dtype: 'float32', shape: [3, 2], values: Float32Array.of(1, -1, 2, 0, 0.5, 1) },
      'dense/bias': { dtype: 'float32', shape: [2], values: Float32Array.of(0.1, -0.2) },
    });
    const output = model.apply(tf.tensor2d([[0.1, 0.2, 0.3]]));
    expectAllClose(output, [Math.tanh(0.1 + 0.4 + 0.15 + 0.1), 0]);
  });

  it('drops only while training, the same units for the same step', () => {
    const model = sequential([dropout(0.5, { inputShape: [1000] })], { seed: 3 });
    const x = tf.ones([1, 1000]);
    expectAllClose(model.apply(x), x);
    const first = model.apply(x, { training: true, step: 1 }).dataSync();
    expect(first).toEqual(model.apply(x, { training: true, step: 1 }).dataSync());
    expect(first).not.toEqual(model.apply(x, { training: true, step: 2 }).dataSync());
    const zeros = first.filter((value) => value === 0).length;
    expect(Math.abs(zeros - 500)).toBeLessThan(80);
    expect(first.every((value) => value === 0 || value === 2)).toBe(true);
  });

  it('gives two dropout layers different zeros', () => {
    const model = sequential([dropout(0.5, { inputShape: [1000] }), dropout(0.5)], { seed: 3 });
    const survivors = model
      .apply(tf.ones([1, 1000]), { training: true })
      .dataSync()
      .filter((value) => value > 0).length;
    expect(Math.abs(survivors - 250)).toBeLessThan(70);
  });

  it('is a layer itself: a model inside a model has its weights under its name', () => {
    const inner = (): ReturnType<typeof sequential> =>
      sequential([dense(4, { inputShape: [3] }), dense(2)], { seed: 9 });
    const outer = sequential([inner(), inner(), dense(1)].toSpliced(1, 1), { seed: 1 });
    expect(outer.weights.map(({ path }) => path)).toEqual([
      'sequential/dense/kernel',
      'sequential/dense/bias',
      'sequential/dense_1/kernel',
      'sequential/dense_1/bias',
      'dense/kernel',
      'dense/bias',
    ]);
    expect(outer.apply(tf.ones([5, 3])).shape).toEqual([5, 1]);
    const two = sequential([sequential([dense(3, { inputShape: [3] })]), sequential([dense(3, { inputShape: [3] })])]);
    expect(two.nodes.map(({ name }) => name)).toEqual(['sequential', 'sequential_1']);
  });

  it('freezes and unfreezes weights by path', () => {
    const model = digits();
    model.freeze('dense');
    expect(model.weights.filter(({ trainable }) => !trainable).map(({ path }) => path)).toEqual([
      'dense/kernel',
      'dense/bias',
    ]);
    expect(model.parameterCount.frozen).toBe(784 * 16 + 16);
    model.freeze(/bias$/g);
    expect(model.weights.filter(({ trainable }) => trainable).map(({ path }) => path)).toEqual(['dense_1/kernel']);
    model.unfreeze();
    expect(model.parameterCount.frozen).toBe(0);
    expect(() => model.freeze('dens')).toThrow(/GS_MODEL_WEIGHTS/);
    expect(sequential([dense(2, { inputShape: [2], trainable: false })]).parameterCount.trainable).toBe(0);
  });

  it('keeps the number of tensors flat over ten applications', () => {
    const model = digits();
    const x = tf.ones([2, 28, 28]);
    model.apply(x, { training: true }).dispose();
    const before = tf.memory().numTensors;
    for (let step = 0; step < 10; step++) model.apply(x, { training: true, step }).dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    x.dispose();
  });

  it('round-trips its weights and frees them', async () => {
    const start = tf.memory().numTensors;
    const [a, b] = [digits(1), digits(2)];
    b.setWeights(await a.getWeights());
    expect(await b.getWeights()).toEqual(await a.getWeights());
    a.dispose();
    b.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  it('describes itself as plain JSON', () => {
    const config = digits().toConfig();
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
    expect(() => sequential([activation((x) => x, { inputShape: [2] })]).toConfig()).toThrow(/GS_LAYER_CONFIG/);
  });
});

describe('mistakes in a definition', () => {
  const chain = (layers: unknown, options?: object) => () => sequential(layers as never, options);
  it.each([
    ['no layers', chain([]), 'GS_MODEL_LAYERS'],
    ['no list', chain(dense(1)), 'GS_MODEL_LAYERS'],
    ['a function instead of a layer', chain([dense]), 'GS_MODEL_LAYERS'],
    ['only an input', chain([input({ shape: [2] })]), 'GS_MODEL_LAYERS'],
    ['an input in the middle', chain([dense(1, { inputShape: [2] }), input({ shape: [1] })]), 'GS_MODEL_LAYERS'],
    ['no input shape', chain([dense(1)]), 'GS_MODEL_INPUT_SHAPE'],
    [
      'one layer twice',
      () => ((layer) => sequential([layer, layer]))(dense(2, { inputShape: [2] })),
      'GS_MODEL_LAYERS',
    ],
    ['one name twice', chain([dense(2, { inputShape: [2], name: 'a' }), dense(2, { name: 'a' })]), 'GS_MODEL_NAME'],
    ['dense on scalars', chain([dense(2, { inputShape: [] })]), 'GS_LAYER_SHAPE'],
    ['dense on an unknown width', chain([dense(2, { inputShape: [null] })]), 'GS_LAYER_SHAPE'],
    ['flatten of an unknown size', chain([flatten({ inputShape: [null, 3] })]), 'GS_LAYER_SHAPE'],
    ['a negative size', () => dense(2, { inputShape: [-1] }), 'GS_LAYER_INPUT_SHAPE'],
    ['a misspelt option', () => dense(2, { inputShape: [1], activatoin: 'relu' } as never), 'GS_OPTION_UNKNOWN'],
  ])('%s', (_, define, code) => {
    expect(define).toThrow(new RegExp(`^${code} `));
  });

  it.each([
    ['no units', () => dense(0), 'GS_OPTION_VALUE'],
    ['half a unit', () => dense(1.5), 'GS_OPTION_VALUE'],
    ['an unknown activation', () => dense(1, { activation: 'reul' }), 'GS_ACTIVATION_UNKNOWN'],
    ['an unknown initializer', () => dense(1, { kernelInitializer: 'glorot' }), 'GS_INITIALIZER_UNKNOWN'],
    ['a rate above 1', () => dropout(1.5), 'GS_OPTION_VALUE'],
    ['a name with a slash', () => dense(1, { name: 'a/b' }), 'GS_LAYER_NAME'],
    ['a name that climbs', () => dense(1, { name: '..' }), 'GS_LAYER_NAME'],
    ['a seed that is none', () => sequential([dense(1, { inputShape: [1] })], { seed: -1 }), 'GS_OPTION_VALUE'],
    ['an input without a shape', () => input({} as never), 'GS_LAYER_INPUT_SHAPE'],
  ])('%s', (_, define, code) => {
    expect(define).toThrow(new RegExp(`^${code} `));
  });

  it('says which layers led to it', () => {
    expect(
      chain([
        input({ shape: [4] }),
        activation('relu', { name: 'first' }),
        { ...dense(1), build: dense(1).build.bind(null, [[null]]) },
      ]),
    ).toThrow(/after first\]/);
  });

  it('refuses input of another shape, and says so where the batch was forgotten', () => {
    expect(() => digits().apply(tf.ones([28, 28]))).toThrow(/GS_MODEL_INPUT .*\n.*batch in front/);
    expect(() => digits().apply(tf.ones([1, 28, 27]))).toThrow(/GS_MODEL_INPUT/);
  });

  it('changes nothing where weights do not fit', async () => {
    const model = digits();
    const before = await model.getWeights();
    const other = { ...before, 'dense/bias': { dtype: 'float32', shape: [17], values: new Float32Array(17) } } as const;
    expect(() => model.setWeights(other)).toThrow(/GS_MODEL_WEIGHTS .*"dense\/bias"/);
    expect(() => model.setWeights({})).toThrow(/without dense\/kernel/);
    expect(() => model.setWeights({ ...before, more: before['dense/bias']! })).toThrow(/with more/);
    expect(await model.getWeights()).toEqual(before);
  });
});
