import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { expectSameAsCpu, noEmulator, numbers, onEmulator, startOnEmulator } from '../../../testing/emulator.js';

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`reductions, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    [
      'sums',
      () => [
        tf.sum(numbers([7, 9])),
        tf.sum(numbers([7, 9]), 0),
        tf.sum(numbers([7, 9]), 1),
        tf.mean(numbers([3, 4, 5]), [0, 2]),
      ],
    ],
    ['extremes', () => [tf.max(numbers([7, 9]), 1), tf.min(numbers([7, 9]), 0), tf.argMax(numbers([7, 9]), 1)]],
    ['logic', () => [tf.any(tf.greater(numbers([7, 9]), 1.9), 1), tf.all(tf.greater(numbers([7, 9]), -1.9), 0)]],
  ])('%s is what tfjs-backend-cpu gives', async (_, run) => expectSameAsCpu(run, 1e-5));
});
