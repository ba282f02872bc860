import '@tensorflow/tfjs-backend-cpu';
import type { HostArray } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential, type Model } from '@gradstream/layers';
import { meanMetric } from '@gradstream/objectives';
import { sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from './compile.js';
import type { FitOptions } from './fit-options.js';
import type { BatchSource } from './internal/batch-source.js';

beforeAll(() => tf.setBackend('cpu'));

const line = (): Model => sequential([dense(1, { inputShape: [1], useBias: false, kernelInitializer: 'zeros' })]);
const logits = (): Model =>
  sequential([dense(2, { inputShape: [1], kernelInitializer: 'zeros', activation: 'softmax' })]);

describe('arrays', () => {
  const trained = async (data: Parameters<ReturnType<typeof compile>['fit']>[0], options: FitOptions = {}) => {
    const model = line();
    const trainer = compile(model, { optimizer: sgd({ learningRate: 0.01 }), loss: 'mse', seed: 3 });
    const { history } = await trainer.fit(data, { epochs: 2, ...options });
    const [kernel] = (await model.getWeights())['dense/kernel']!.values;
    trainer.dispose();
    model.dispose();
    return { history, kernel };
  };
  const x = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const y = x.map((value) => 2 * value);
  const host: { x: HostArray; y: HostArray } = {
    x: { dtype: 'float32', shape: [8, 1], values: x },
    y: { dtype: 'float32', shape: [8, 1], values: y },
  };

  it('of every kind are the same data: lists, typed arrays, tensors, with a width of 1 or without', async () => {
    const before = tf.memory().numTensors;
    const options = { batchSize: 3 };
    const expected = await trained(host, options);
    expect(await trained({ x, y }, options)).toEqual(expected);
    expect(await trained({ x: [...x], y: [...y].map((value) => [value]) }, options)).toEqual(expected);
    expect(await trained({ x: Float64Array.from(x), y: Uint8Array.from(y) }, options)).toEqual(expected);
    const tensors = { x: tf.tensor1d(x), y: tf.tensor2d(y, [8, 1]) };
    expect(await trained(tensors, options)).toEqual(expected);
    tf.dispose(tensors);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('are shuffled with a seed, as a dataset is, or left in their order', async () => {
    const data = fromArrays(host);
    const batches = (seed: number): BatchSource => data.shuffle(8, { seed }).batch(3) as BatchSource;
    expect(await trained(host, { batchSize: 3, seed: 7 })).toEqual(await trained(batches(7)));
    expect(await trained(host, { batchSize: 3 })).toEqual(await trained(batches(3)));
    expect(await trained(host, { batchSize: 3, shuffle: false })).toEqual(await trained(data.batch(3) as BatchSource));
    expect((await trained(host, { batchSize: 3, seed: 7 })).kernel).not.toBe(
      (await trained(host, { batchSize: 3 })).kernel,
    );
  });

  it('are split: the last part is validated on, rounded up, before rows are shuffled', async () => {
    const data = fromArrays(host);
    const split = await trained(host, { batchSize: 3, validationSplit: 0.3 });
    const byHand = await trained(data.take(5).shuffle(5, { seed: 3 }).batch(3) as BatchSource, {
      validationData: data.skip(5).batch(3) as BatchSource,
    });
    expect(split).toEqual(byHand);
    const withTensors = { x: tf.tensor1d(x), y: tf.tensor1d(y) };
    expect(await trained(withTensors, { batchSize: 3, validationSplit: 0.3 })).toEqual(byHand);
    tf.dispose(withTensors);
  });

  it('go to evaluate, predict and the functions on a batch', async () => {
    const trainer = compile(line(), { optimizer: sgd({ learningRate: 0.1 }), loss: 'mse' });
    expect((await trainer.evaluate({ x: [1, 2], y: [3, 1] })).loss).toBe(5);
    expect(await trainer.testOnBatch({ x: [1, 2], y: [3, 1] })).toEqual({ loss: 5 });
    expect(await trainer.trainOnBatch({ x: [1, 2], y: [3, 1] })).toEqual({ loss: 5 });
    expect(trainer.steps).toBe(1);
    // The slope: -2 (3 * 1 + 1 * 2) / 2.
    expect((await trainer.predict([1, 2, 4])).values).toEqual(Float32Array.of(0.5, 1, 2));
    expect(await trainer.predictOnBatch([[2]])).toEqual({
      dense: { dtype: 'float32', shape: [1, 1], values: Float32Array.of(1) },
    });
  });
});

describe('sample weights', () => {
  const batches = fromArrays({
    x: { dtype: 'float32', shape: [3, 1], values: Float32Array.of(1, 1, 1) },
    y: { dtype: 'float32', shape: [3, 1], values: Float32Array.of(1, 2, 4) },
    sampleWeight: { dtype: 'float32', shape: [3], values: Float32Array.of(2, 0, 0.5) },
  }).batch(3) as BatchSource;
  const size = meanMetric('size', (yTrue) => yTrue);

  it('weigh the loss and the weighted metrics, in training and in evaluation', async () => {
    const before = tf.memory().numTensors;
    const model = line();
    const trainer = compile(model, {
      optimizer: sgd({ learningRate: 0.1 }),
      loss: 'mse',
      metrics: [size],
      weightedMetrics: [size, 'mae'],
    });
    // (2 * 1 + 0.5 * 16) / 3 values; the mean of sizes by weight is (2 + 2) / 2.5.
    const logs = { loss: 10 / 3, size: 7 / 3, weighted_size: 1.6, mae: 1.6 };
    const evaluation = await trainer.evaluate(batches);
    expect(Object.keys(evaluation)).toEqual(Object.keys(logs));
    for (const [name, value] of Object.entries(logs)) expect(evaluation[name]).toBeCloseTo(value, 5);
    const { history } = await trainer.fit(batches);
    for (const [name, value] of Object.entries(logs)) expect(history[name]![0]).toBeCloseTo(value, 5);
    // The gradient is -2 (2 * 1 + 0.5 * 4) / 3.
    expect((await model.getWeights())['dense/kernel']!.values[0]).toBeCloseTo(0.8 / 3, 5);
    trainer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of classes weigh training alone, for indices and one-hot rows, and multiply with those of samples', async () => {
    const x = [[1], [1], [1], [1]];
    const loss = async (y: unknown, name: string, options: FitOptions, sampleWeight?: number[]) => {
      const trainer = compile(logits(), { optimizer: sgd({ learningRate: 0 }), loss: name });
      const data = { x, y, ...(sampleWeight === undefined ? {} : { sampleWeight }) } as { x: number[][] };
      const { history } = await trainer.fit(data, { ...options, shuffle: false, validationData: data });
      return [history.loss![0]! / Math.LN2, history.val_loss![0]! / Math.LN2];
    };
    const classWeight = { 1: 3 };
    const near = ([train, validation]: number[], expected: number[]): void => {
      expect(train).toBeCloseTo(expected[0]!, 5);
      expect(validation).toBeCloseTo(expected[1]!, 5);
    };
    near(await loss([0, 1, 1, 0], 'sparseCategoricalCrossentropy', { classWeight }), [2, 1]);
    near(
      await loss(
        [
          [1, 0],
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        'categoricalCrossentropy',
        { classWeight },
      ),
      [2.5, 1],
    );
    near(
      await loss([0, 1, 1, 0], 'sparseCategoricalCrossentropy', { classWeight: { dense: { 0: 0, 1: 3 } } }),
      [1.5, 1],
    );
    near(await loss([0, 1, 1, 0], 'sparseCategoricalCrossentropy', { classWeight }, [1, 0, 2, 1]), [2, 1]);
  });
});

describe('mistakes', () => {
  const trainer = () => compile(logits(), { optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  const data = { x: [[1], [2]], y: [0, 1] };
  const stream = fromArrays({
    x: { dtype: 'float32', shape: [2, 1], values: Float32Array.of(1, 2) },
    y: { dtype: 'int32', shape: [2], values: Int32Array.of(0, 1) },
  }).batch(2) as BatchSource;

  it.each<[string, unknown, object, RegExp]>([
    ['no data', null, {}, /GS_TRAIN_DATA/],
    ['a list', [1, 2], {}, /GS_TRAIN_DATA/],
    ['no numbers', { x: 'text', y: [1] }, {}, /GS_TRAIN_ARRAY.*x/],
    ['lists of different lengths', { x: [[1], [2, 3]], y: [0, 1] }, {}, /GS_TRAIN_ARRAY.*x\[1\]/],
    ['lists of text', { x: [['1'], ['2']], y: [0, 1] }, {}, /GS_TRAIN_ARRAY.*x\[0\]\[0\]/],
    [
      'values that are not as many as the shape says',
      { x: { dtype: 'float32', shape: [2, 2], values: new Float32Array(3) }, y: [0, 1] },
      {},
      /GS_TRAIN_ARRAY/,
    ],
    ['another number of targets', { x: [[1], [2]], y: [0, 1, 1] }, {}, /GS_TRAIN_ROWS.*y/],
    ['no rows', { x: [], y: [] }, {}, /GS_TRAIN_ROWS/],
    ['a misspelt part', { ...data, sampleWeights: [1, 2] }, {}, /GS_TRAIN_ARRAY.*sampleWeight/s],
    ['a batch size of 0', data, { batchSize: 0 }, /GS_OPTION_VALUE.*batchSize/],
    ['a batch size for a dataset', stream, { batchSize: 2 }, /GS_TRAIN_OPTION.*batchSize.*dataset/s],
    ['shuffling a dataset', stream, { shuffle: true }, /GS_TRAIN_OPTION.*shuffle/],
    ['a split of a dataset', stream, { validationSplit: 0.2 }, /GS_TRAIN_OPTION.*validationSplit/],
    ['a split of everything', data, { validationSplit: 1 }, /GS_OPTION_VALUE.*validationSplit/],
    ['a split that leaves nothing', data, { validationSplit: 0.9 }, /GS_TRAIN_OPTION.*validationSplit/],
    ['a split beside validation data', data, { validationSplit: 0.5, validationData: data }, /GS_TRAIN_OPTION/],
    ['a seed of nothing', data, { shuffle: false, seed: 1 }, /GS_TRAIN_OPTION.*seed/],
    ['validation steps without data', data, { validationSteps: 1 }, /GS_TRAIN_OPTION.*validationSteps/],
    ['a frequency without data', data, { validationFrequency: 2 }, /GS_TRAIN_OPTION.*validationFrequency/],
    [
      'a frequency of 0',
      data,
      { validationData: data, validationFrequency: 0 },
      /GS_OPTION_VALUE.*validationFrequency/,
    ],
    [
      'a frequency of something else',
      data,
      { validationData: data, validationFrequency: { hours: 1 } },
      /GS_OPTION_VALUE.*steps/,
    ],
    [
      'two frequencies',
      data,
      { validationData: data, validationFrequency: { steps: 1, epochs: 1 } },
      /GS_OPTION_VALUE/,
    ],
    ['a fastDevRun with epochs', data, { fastDevRun: true, epochs: 3 }, /GS_TRAIN_OPTION.*epochs/],
    ['a fastDevRun of 0', data, { fastDevRun: 0 }, /GS_OPTION_VALUE.*fastDevRun/],
    ['half a batch to overfit', data, { overfitBatches: 0.5 }, /GS_OPTION_VALUE.*overfitBatches/],
    ['maxSteps of 0', data, { maxSteps: 0 }, /GS_OPTION_VALUE.*maxSteps/],
    ['no time', data, { maxTime: 0 }, /GS_OPTION_VALUE.*maxTime/],
    ['no signal', data, { signal: true }, /GS_OPTION_VALUE.*signal/],
    ['weights of classes that are not there', data, { classWeight: { 2: 1 } }, /GS_TRAIN_CLASS_WEIGHT.*from 0 to 1/],
    ['weights of nothing', data, { classWeight: {} }, /GS_TRAIN_CLASS_WEIGHT/],
    ['a weight of NaN', data, { classWeight: { 0: NaN } }, /GS_TRAIN_CLASS_WEIGHT/],
    ['weights of another output', data, { classWeight: { price: { 0: 1 } } }, /GS_TRAIN_CLASS_WEIGHT.*dense/],
  ])('%s', (_, given, options, message) => {
    const one = trainer();
    expect(() => one.fit(given as never, options)).toThrow(message);
    // A refused fit is not under way.
    one.fit(data, { maxSteps: 1 }).stop();
  });

  it.each<[string, object, RegExp]>([
    [
      'sample weights of another length',
      { sampleWeight: { dtype: 'float32', shape: [1], values: Float32Array.of(1) } },
      /GS_TRAIN_WEIGHTS.*2 rows/,
    ],
    [
      'sample weights of NaN',
      { sampleWeight: { dtype: 'float32', shape: [2], values: Float32Array.of(1, NaN) } },
      /GS_TRAIN_WEIGHTS.*NaN at 1/,
    ],
    [
      'sample weights of another output',
      { sampleWeight: { price: { dtype: 'float32', shape: [2], values: Float32Array.of(1, 1) } } },
      /GS_TRAIN_WEIGHTS.*price/,
    ],
    [
      'sample weights deeper than the loss',
      { sampleWeight: { dtype: 'float32', shape: [2, 3], values: new Float32Array(6) } },
      /GS_LOSS_WEIGHT/,
    ],
  ])('%s are found before a weight is changed', async (_, more, message) => {
    const one = trainer();
    const batch = { ...(await stream[Symbol.asyncIterator]().next()).value, ...more };
    const batches = (async function* () {
      yield batch;
    })();
    await expect(one.fit(batches as never)).rejects.toThrow(message);
    expect((await one.model.getWeights())['dense/kernel']!.values).toEqual(Float32Array.of(0, 0));
  });

  it('of metrics are found before a weight is changed, and nothing is left behind', async () => {
    const model = logits();
    await model.getWeights();
    const before = tf.memory().numTensors;
    const wrong = meanMetric('wrong', (yTrue, yPred) => tf.matMul(yTrue as tf.Tensor2D, yPred as tf.Tensor2D));
    const one = compile(model, { optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: [wrong] });
    await expect(one.fit(data)).rejects.toThrow(/GS_TRAIN_METRIC .*"wrong"/);
    expect(Object.values(await model.getWeights()).every(({ values }) => values.every((value) => value === 0))).toBe(
      true,
    );
    one.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, object, RegExp]>([
    ['accumulating over nothing', { gradientAccumulation: 0 }, /GS_OPTION_VALUE.*gradientAccumulation/],
    ['half a step', { stepsPerExecution: 0.5 }, /GS_OPTION_VALUE.*stepsPerExecution/],
    ['a precision that the backend does not have', { precision: 'mixedFloat16' }, /GS_TRAIN_PRECISION.*cpu/s],
    ['a precision that nobody has', { precision: 'float8' }, /GS_TRAIN_PRECISION/],
    ['an unknown weighted metric', { weightedMetrics: ['acuracy'] }, /GS_METRIC_UNKNOWN/],
    ['two numbers of one name', { weightedMetrics: ['mae', 'mae'] }, /GS_METRIC_NAME/],
  ])('compile refuses %s', (_, options, message) => {
    expect(() => compile(logits(), { loss: 'sparseCategoricalCrossentropy', ...options } as never)).toThrow(message);
  });
});
