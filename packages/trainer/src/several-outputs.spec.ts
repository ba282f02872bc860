import '@tensorflow/tfjs-backend-cpu';
import type { HostArray } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { add, concatenate, dense, embedding, input, masking, model, sequential, type Layer } from '@gradstream/layers';
import { meanSquaredError } from '@gradstream/objectives';
import { sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from './compile.js';

beforeAll(() => tf.setBackend('cpu'));

const floats = (shape: number[], values: number[]): HostArray<'float32'> => ({
  dtype: 'float32',
  shape,
  values: Float32Array.from(values),
});
const ramp = (rows: number, columns: number, scale = 1): HostArray<'float32'> =>
  floats(
    [rows, columns],
    Array.from({ length: rows * columns }, (_, index) => scale * Math.sin(index)),
  );

const net = () => {
  const left = input({ shape: [2], name: 'left' });
  const right = input({ shape: [3], name: 'right' });
  const joined = concatenate([
    left.pipe(dense(4, { activation: 'tanh' })),
    right.pipe(dense(4, { kernelRegularizer: 'l2' })),
  ]);
  return model({
    inputs: [left, right],
    outputs: { price: joined.pipe(dense(1)), kind: joined.pipe(dense(3, { activation: 'softmax' })) },
    seed: 3,
  });
};
const labels: HostArray = { dtype: 'int32', shape: [8], values: Int32Array.from([0, 1, 2, 0, 1, 2, 0, 1]) };
const data = () =>
  fromArrays({ x: { left: ramp(8, 2), right: ramp(8, 3) }, y: { price: ramp(8, 1, 2), kind: labels } }).batch(4);

describe('a model with several inputs and outputs', () => {
  it("trains on a loss for each, with Keras' names in the logs, and nothing leaks", async () => {
    const start = tf.memory().numTensors;
    const two = net();
    const trainer = compile(two, {
      optimizer: sgd({ learningRate: 0.05 }),
      loss: { price: 'mse', kind: 'sparseCategoricalCrossentropy' },
      lossWeights: { price: 0.5 },
      metrics: { kind: ['accuracy'], price: 'mae' },
    });
    const names = ['loss', 'price_loss', 'kind_loss', 'price_mae', 'kind_accuracy'];
    const run = trainer.fit(data(), { epochs: 20, validationData: data() });
    const begin = new Promise<unknown>((resolve) =>
      run.events$.subscribe((event) => event.type === 'trainBegin' && resolve(event)),
    );
    const { history } = await run;
    expect(await begin).toMatchObject({ metricNames: [...names, ...names.map((name) => `val_${name}`)] });
    expect(Object.keys(history)).toEqual([...names, ...names.map((name) => `val_${name}`)]);
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0]! * 0.8);
    const logs = await trainer.evaluate(data());
    // What is minimized also has the penalty of a kernel.
    const kernel = (await two.getWeights())['dense_1/kernel']!.values;
    const penalty = 0.01 * kernel.reduce((sum, value) => sum + value * value, 0);
    expect(logs.loss).toBeCloseTo(0.5 * logs.price_loss! + logs.kind_loss! + penalty, 5);
    const outputs = await trainer.predictAll({ left: ramp(5, 2), right: ramp(5, 3) });
    expect(Object.entries(outputs).map(([name, { shape }]) => [name, shape])).toEqual([
      ['price', [5, 1]],
      ['kind', [5, 3]],
    ]);
    expect(() => trainer.predict(data())).toThrow(/GS_MODEL_OUTPUTS .*predictAll/s);
    trainer.dispose();
    two.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  it('takes losses and metrics in order, one loss for all, and leaves an output out', async () => {
    const x = input({ shape: [2] });
    const outputs = [x.pipe(dense(1)), x.pipe(dense(1))];
    const pair = model({ inputs: x, outputs, seed: 1 });
    const y = { dense: ramp(4, 1), dense_1: ramp(4, 1) };
    const evaluate = async (options: Parameters<typeof compile>[1], targets: object = y) => {
      const trainer = compile(pair, options);
      return trainer.evaluate(fromArrays({ x: ramp(4, 2), y: targets as never }).batch(2));
    };
    const both = await evaluate({ loss: 'mse' });
    expect(both.loss).toBeCloseTo(both.dense_loss! + both.dense_1_loss!, 6);
    expect(await evaluate({ loss: ['mse', 'mse'], lossWeights: [1, 0] })).toMatchObject({ loss: both.dense_loss });
    const first = await evaluate(
      { loss: { dense: meanSquaredError() }, metrics: [['mae'], []] },
      { dense: ramp(4, 1) },
    );
    expect(Object.keys(first)).toEqual(['loss', 'dense_loss', 'dense_mae']);
  });

  it('counts only what the mask of an output leaves', async () => {
    const x = input({ shape: [2, 1] });
    const masked = model({ inputs: x, outputs: x.pipe(masking(), dense(1, { kernelInitializer: 'ones' })) });
    const trainer = compile(masked, { loss: 'mse' });
    const batch = fromArrays({ x: floats([2, 2, 1], [1, 0, 3, 4]), y: floats([2, 2, 1], [0, 9, 0, 0]) }).batch(2);
    // Keras: (1 + 9 + 16) / 4 elements, times 4 / 3 for the elements that count.
    expect((await trainer.evaluate(batch)).loss).toBeCloseTo(26 / 3, 5);
  });

  it('adds what layers add: penalties on activations', async () => {
    const plain = sequential([
      dense(2, { inputShape: [2], activityRegularizer: 'l1', kernelInitializer: 'ones', useBias: false }),
    ]);
    const trainer = compile(plain, { loss: 'mse' });
    const x = floats([2, 2], [1, 2, 3, 4]);
    const { loss } = await trainer.evaluate(fromArrays({ x, y: floats([2, 2], [3, 3, 7, 7]) }).batch(2));
    expect(loss).toBeCloseTo((0.01 * (3 + 3 + 7 + 7)) / 2, 6);
  });

  it('updates what layers keep themselves, in training and not in evaluation', async () => {
    const counter: Layer = {
      type: 'Counter',
      trainable: true,
      inputShape: [1],
      build: ([shape]) => ({
        outputShape: shape!,
        weights: [{ name: 'steps', shape: [], initializer: () => tf.scalar(0), trainable: false }],
      }),
      call: ({ steps }, [y], { training, update }) => {
        if (training) update?.('steps', tf.add(steps!, 1));
        return y!;
      },
      toConfig: () => ({ type: 'Counter', config: {} }),
    };
    const counted = sequential([counter, dense(1)], { seed: 1 });
    const trainer = compile(counted, { loss: 'mse' });
    const batches = fromArrays({ x: ramp(6, 1), y: ramp(6, 1) }).batch(2);
    await trainer.fit(batches, { epochs: 2 });
    await trainer.evaluate(batches);
    expect((await counted.getWeights())['counter/steps']!.values[0]).toBe(6);
  });

  it('takes whole numbers in: embeddings train', async () => {
    const words = input({ shape: [2], dtype: 'int32', name: 'words' });
    const vectors = words.pipe(embedding(5, 3));
    const twice = model({ inputs: words, outputs: add([vectors, vectors]).pipe(dense(1)), seed: 1 });
    const trainer = compile(twice, { loss: 'mse', optimizer: sgd({ learningRate: 0.1 }) });
    const x: HostArray = { dtype: 'int32', shape: [3, 2], values: Int32Array.of(0, 1, 2, 3, 4, 0) };
    const { history } = await trainer.fit(fromArrays({ x, y: floats([3, 2, 1], [1, 2, 3, 4, 5, 1]) }).batch(3), {
      epochs: 30,
    });
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0]! / 2);
  });
});

describe('mistakes about outputs', () => {
  const options = { loss: { price: 'mse', kind: 'sparseCategoricalCrossentropy' } } as const;
  it.each([
    ['an output that is not there', { loss: { prise: 'mse' } }, /GS_TRAIN_OUTPUT .*"price"/s],
    ['a list of another length', { loss: ['mse'] }, /GS_OPTION_VALUE .*2, for price, kind/s],
    ['no loss at all', { loss: {} }, /GS_OPTION_VALUE .*at least one output/s],
    ['a missing loss', {}, /GS_LOSS_MISSING/],
    ['metrics without outputs', { ...options, metrics: ['mae'] }, /GS_OPTION_VALUE .*each of price, kind/s],
    ['a negative weight', { ...options, lossWeights: { price: -1 } }, /GS_OPTION_VALUE .*lossWeights/s],
    ['a weight for an output that is not there', { ...options, lossWeights: { pries: 1 } }, /GS_TRAIN_OUTPUT/],
  ])('%s', (_, given, message) => {
    expect(() => compile(net(), given as never)).toThrow(message);
  });

  it.each([
    [
      'one array for two inputs',
      { x: ramp(4, 2), y: { price: ramp(4, 1), kind: labels } },
      /GS_TRAIN_DATA .*left, right/s,
    ],
    ['a missing input', { x: { left: ramp(4, 2) }, y: { price: ramp(4, 1), kind: labels } }, /GS_TRAIN_DATA/],
    [
      'a target that nobody asked for',
      { x: { left: ramp(8, 2), right: ramp(8, 3) }, y: { price: ramp(8, 1), kind: labels, more: labels } },
      /GS_TRAIN_DATA/,
    ],
    [
      'a missing target',
      { x: { left: ramp(8, 2), right: ramp(8, 3) }, y: { price: ramp(8, 1) } },
      /GS_TRAIN_DATA .*price, kind/s,
    ],
    [
      'another width',
      { x: { left: ramp(8, 3), right: ramp(8, 3) }, y: { price: ramp(8, 1), kind: labels } },
      /GS_TRAIN_INPUT .*x.left/s,
    ],
  ])('%s', async (_, example, message) => {
    const trainer = compile(net(), options);
    const batches = (async function* () {
      yield example as never;
    })();
    await expect(trainer.evaluate(batches)).rejects.toThrow(message);
  });
});
