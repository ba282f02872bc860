import { syntheticDigits } from '@gradstream/datasets';
import {
  conv2d,
  dense,
  dropout,
  flatten,
  lstm,
  maxPooling2d,
  reshape,
  sequential,
  type Model,
} from '@gradstream/layers';
import { useBackend } from 'gradstream';
import { beforeAll, expect, it } from 'vitest';
import { train } from './train.js';

beforeAll(async () => {
  await useBackend();
});

const first = { inputShape: [28, 28] } as const;
const networks: Readonly<Record<string, () => Model>> = {
  'the MLP of the course': () =>
    sequential(
      [flatten(first), dense(128, { activation: 'relu' }), dropout(0.2), dense(10, { activation: 'softmax' })],
      {
        seed: 1,
      },
    ),
  'a deeper MLP': () =>
    sequential(
      [
        flatten(first),
        ...Array.from({ length: 5 }, () => dense(64, { activation: 'relu', kernelInitializer: 'heNormal' })),
        dense(10, { activation: 'softmax' }),
      ],
      { seed: 2 },
    ),
  'a CNN': () =>
    sequential(
      [
        reshape([28, 28, 1], first),
        conv2d(8, 3, { activation: 'relu' }),
        maxPooling2d(2),
        conv2d(16, 3, { activation: 'relu' }),
        maxPooling2d(2),
        flatten(),
        dense(10, { activation: 'softmax' }),
      ],
      { seed: 1 },
    ),
  'an LSTM': () =>
    sequential([lstm(32, first), dense(16, { activation: 'tanh' }), dense(10, { activation: 'softmax' })], { seed: 1 }),
};

it.each(Object.keys(networks))('nothing is said of %s', async (name) => {
  const { train: digits } = await syntheticDigits({ seed: 1, train: 1280, test: 1 });
  const { diagnoses, logs } = await train(
    {
      model: networks[name]!,
      compile: { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] },
      data: digits.shuffle(1280, { seed: 1 }).batch(32),
      fit: { epochs: 6 },
    },
    { every: 5 },
  );
  expect(diagnoses).toEqual([]);
  expect(logs['accuracy']).toBeGreaterThan(0.6);
});
