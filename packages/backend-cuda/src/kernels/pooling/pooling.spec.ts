import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { expectSameAsCpu, noEmulator, numbers, onEmulator, startOnEmulator } from '../../../testing/emulator.js';

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`pooling, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    ['the largest', () => tf.maxPool(numbers([2, 7, 6, 3]) as tf.Tensor4D, 3, 2, 'same')],
    ['the mean', () => tf.avgPool(numbers([2, 7, 6, 3]) as tf.Tensor4D, 2, 2, 'valid')],
  ])('%s is what tfjs-backend-cpu gives', async (_, run) => expectSameAsCpu(run, 1e-5));
});
