import '@tensorflow/tfjs-backend-cpu';
import { randomKey, uniformValues } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { batchNormalization, dense, dropout, sequential, type Model } from '@gradstream/layers';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer, watch } from '../../fixtures/two-classes.js';
import { compile } from '../compile.js';

beforeAll(() => tf.setBackend('cpu'));

const values = uniformValues(randomKey(3), 0, 48, 2, 6);
const data = fromArrays({
  x: { dtype: 'float32', shape: [24, 2], values },
  y: { dtype: 'float32', shape: [24, 1], values: new Float32Array(24) },
}).batch(8);

/** Means over three batches of 8 of their means and variances, by column. */
const expected = [0, 1].map((column) => {
  const batches = [0, 1, 2].map((batch) =>
    Array.from({ length: 8 }, (_, row) => values[2 * (8 * batch + row) + column]!),
  );
  const mean = (numbers: number[]): number => numbers.reduce((a, b) => a + b) / numbers.length;
  return {
    mean: mean(batches.map(mean)),
    variance: mean(batches.map((batch) => mean(batch.map((value) => (value - mean(batch)) ** 2)))),
  };
});

const fit = async (model: Model, steps?: number) => {
  const trainer = compile(model, { optimizer: 'sgd', loss: 'meanSquaredError' });
  const refresh = answer('trainEnd', () => ({
    type: 'refreshStatistics',
    ...(steps === undefined ? {} : { steps }),
  }));
  return watch(trainer, data, { epochs: 2, callbacks: [refresh] });
};
const numbers = (model: Model, path: string): number[] => [...model.tensors[path]!.dataSync()];

describe('refreshStatistics', () => {
  it.each([0.99, 0.9, 0, 0.5])('gives plain means over the data, whatever the momentum: %d', async (momentum) => {
    const model = sequential([batchNormalization({ momentum, inputShape: [2] }), dropout(0.5), dense(1)], { seed: 1 });
    const { history } = await fit(model);
    expect(history.reason).toBe('completed');
    expectAllClose(
      numbers(model, 'batch_normalization/moving_mean'),
      expected.map(({ mean }) => mean),
    );
    expectAllClose(
      numbers(model, 'batch_normalization/moving_variance'),
      expected.map(({ variance }) => variance),
    );
  });

  it('finds layers in models inside, and takes as many batches as it was told', async () => {
    const inner = sequential([batchNormalization({ inputShape: [2] })], { name: 'inner' });
    const model = sequential([inner, dense(1)], { seed: 1 });
    await fit(model, 1);
    const column = (c: number): number[] => Array.from({ length: 8 }, (_, row) => values[2 * row + c]!);
    const path = model.weights.map(({ path: own }) => own).find((own) => own.endsWith('moving_mean'))!;
    expectAllClose(
      numbers(model, path),
      [0, 1].map((c) => column(c).reduce((a, b) => a + b) / 8),
    );
  });

  it('leaves other weights and frozen layers alone, and leaks no tensor', async () => {
    const model = sequential([batchNormalization({ inputShape: [2] }), dense(1)], { seed: 1 });
    model.freeze('batch_normalization');
    const before = numbers(model, 'batch_normalization/moving_mean');
    await fit(model);
    expect(numbers(model, 'batch_normalization/moving_mean')).toEqual(before);
    const other = sequential([batchNormalization({ inputShape: [2] }), dense(1)], { seed: 1 });
    const trainer = compile(other, { optimizer: 'sgd', loss: 'meanSquaredError' });
    let kernel: number[] = [];
    const refresh = answer('epochEnd', () => {
      kernel = numbers(other, 'dense/kernel');
      return { type: 'refreshStatistics' };
    });
    await trainer.fit(data, { callbacks: [refresh] });
    const { numTensors } = tf.memory();
    await trainer.fit(data, { callbacks: [refresh] });
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(numbers(other, 'dense/kernel')).toEqual(kernel);
  });

  it('does nothing to a model without such layers, and refuses a wrong number of steps', async () => {
    const plain = sequential([dense(1, { inputShape: [2] })], { seed: 1 });
    expect((await fit(plain)).events.some(({ type }) => type === 'callbackFailed')).toBe(false);
    expect((await fit(plain, 0)).events.find(({ type }) => type === 'callbackFailed')).toMatchObject({
      message: expect.stringContaining('GS_TRAIN_COMMAND'),
    });
  });
});
