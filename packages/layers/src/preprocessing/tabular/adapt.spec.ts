import '@tensorflow/tfjs-backend-cpu';
import type { HostArray } from '@gradstream/core';
import { expectAllClose, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import numbers from '../../../fixtures/sketches.json' with { type: 'json' };
import { stillContext } from '../../../fixtures/contexts.js';
import { adaptDiscretization } from './adapt-discretization.js';
import { adaptNormalization } from './adapt-normalization.js';
import { discretization } from './discretization.js';
import { normalization } from './normalization.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const hostOf = ({ shape, values }: { shape: number[]; values: number[] }): HostArray => ({
  dtype: 'float32',
  shape,
  values: Float32Array.from(values),
});
const flat = (value: unknown): number[] => [value].flat(8) as number[];

describe('adaptNormalization', () => {
  it.each(numbers.normalization.map((one) => [JSON.stringify(one.axis), one] as const))(
    'finds the mean and variance that Keras finds, over the axes %s',
    async (_, { axis, batches, mean, variance }) => {
      const layer = await adaptNormalization(batches.map(hostOf), { axis, name: 'n' });
      const { config } = layer.toConfig();
      expectAllClose(flat(config['mean']), mean, { relative: 1e-5 });
      expectAllClose(flat(config['variance']), variance, { relative: 1e-5 });
      expect(config['name']).toBe('n');
    },
  );

  it('takes one array, examples of a dataset and asynchronous ones', async () => {
    const x = hostOf({ shape: [4, 1], values: [1, 3, 5, 7] });
    const examples = (async function* (): AsyncGenerator<{ x: HostArray }> {
      yield { x: hostOf({ shape: [1, 1], values: [1] }) };
      yield { x: hostOf({ shape: [3, 1], values: [3, 5, 7] }) };
    })();
    for (const data of [x, [x], examples]) {
      const { config } = (await adaptNormalization(data)).toConfig();
      expect([config['mean'], config['variance']]).toEqual([[4], [5]]);
    }
  });

  it('keeps its precision where the mean is large', async () => {
    const values = Array.from({ length: 1000 }, (_, index) => 1e6 + (index % 2));
    const { config } = (await adaptNormalization([hostOf({ shape: [1000, 1], values })])).toConfig();
    expectAllClose(flat(config['variance']), [0.25], { relative: 1e-9, absolute: 0 });
  });

  it('turns back what it normalized', async () => {
    const data = hostOf({ shape: [4, 2], values: [1, 20, 2, 10, 3, 50, 4, 0] });
    const [there, back] = [await adaptNormalization(data), await adaptNormalization(data, { invert: true })];
    tf.tidy(() => {
      const x = tf.tensor([9, 8, 7, 6], [2, 2]);
      const y = outputOf(there.call({}, [x], stillContext));
      expectAllClose(outputOf(back.call({}, [y], stillContext)), x, { relative: 1e-5 });
    });
  });

  it.each([
    ['no data', []],
    ['no arrays', [1, 2]],
    ['something else', 5],
    [
      'batches of different widths',
      [hostOf({ shape: [1, 2], values: [1, 2] }), hostOf({ shape: [1, 1], values: [1] })],
    ],
    ['numbers that are none', [hostOf({ shape: [2, 1], values: [1, Number.NaN] })]],
    ['an empty batch', [hostOf({ shape: [0, 1], values: [] })]],
  ])('refuses %s', async (_, data) => {
    await expect(adaptNormalization(data as never)).rejects.toThrow(/GS_LAYER_ADAPT/);
  });
});

describe('adaptDiscretization', () => {
  it.each(numbers.discretization.map((one) => [one.numBins, one.epsilon, one] as const))(
    'finds the boundaries of %d bins that Keras finds, to %d',
    async (numBins, epsilon, { batches, binBoundaries }) => {
      const layer = await adaptDiscretization(batches.map(hostOf), { numBins, epsilon });
      expectAllClose(flat(layer.toConfig().config['binBoundaries']), binBoundaries, { relative: 1e-6 });
    },
  );

  it('makes bins of about as many values', async () => {
    const values = Array.from({ length: 10_000 }, (_, index) => ((index * 7919) % 10_000) ** 2);
    const layer = await adaptDiscretization([hostOf({ shape: [10_000], values })], { numBins: 5 });
    const bins = tf.tidy(() => [...outputOf(layer.call({}, [tf.tensor(values)], stillContext)).dataSync()]);
    for (let bin = 0; bin < 5; bin++) expect(bins.filter((one) => one === bin).length).toBeCloseTo(2000, -2);
  });

  it.each([
    ['no data', []],
    ['numbers that are none', [hostOf({ shape: [2], values: [1, Number.NaN] })]],
    ['no numbers', [hostOf({ shape: [0], values: [] })]],
  ])('refuses %s', async (_, data) => {
    await expect(adaptDiscretization(data, { numBins: 3 })).rejects.toThrow(/GS_LAYER_ADAPT/);
  });
});

it.each([
  ['bins without boundaries', () => discretization({ numBins: 3 }).build([[null, 2]], 'd'), /GS_LAYER_ADAPT/],
  ['falling boundaries', () => discretization({ binBoundaries: [1, 0] }), /GS_OPTION_VALUE/],
  ['neither boundaries nor bins', () => discretization({}), /GS_OPTION_VALUE/],
  ['a mean alone', () => normalization({ mean: 1 }), /GS_OPTION_VALUE/],
  ['a negative variance', () => normalization({ mean: 1, variance: -1 }), /GS_OPTION_VALUE/],
  ['means of another form', () => normalization({ mean: [1, 2], variance: [1] }), /GS_OPTION_VALUE/],
  ['ragged means', () => normalization({ axis: [1, 2], mean: [[1], [1, 2]], variance: 1 }), /GS_OPTION_VALUE/],
  [
    'means that do not fit',
    () => normalization({ mean: [1, 2], variance: [1, 2] }).build([[null, 3]], 'n'),
    /GS_LAYER_SHAPE/,
  ],
  ['the batch as an axis', () => normalization().build([[null]], 'n'), /GS_LAYER_SHAPE/],
  ['an axis of unknown size', () => normalization().build([[null, null]], 'n'), /GS_LAYER_SHAPE/],
])('refuses %s', (_, define, message) => {
  expect(define).toThrow(message);
});
