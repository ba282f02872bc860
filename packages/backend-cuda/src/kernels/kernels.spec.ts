import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { expectSameAsCpu, noEmulator, numbers, onEmulator, startOnEmulator } from '../../testing/emulator.js';

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`products and rows, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    ['a matrix product', () => tf.matMul(numbers([33, 17]), numbers([17, 65], 2))],
    [
      'a transposed one',
      () => [
        tf.matMul(numbers([17, 33]), numbers([17, 9], 2), true),
        tf.matMul(numbers([5, 17]), numbers([9, 17], 2), false, true),
      ],
    ],
    ['one of batches', () => tf.matMul(numbers([3, 5, 4]), numbers([1, 4, 6], 2))],
    ['an einsum', () => tf.einsum('bij,bjk->bki', numbers([2, 3, 4]), numbers([2, 4, 5], 2))],
    ['a softmax', () => [tf.softmax(numbers([7, 13])), tf.logSoftmax(numbers([7, 13]))]],
  ])('%s is what tfjs-backend-cpu gives', async (_, run) => expectSameAsCpu(run, 1e-5));
});
