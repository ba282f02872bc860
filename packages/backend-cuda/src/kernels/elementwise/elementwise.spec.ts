import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { expectSameAsCpu, noEmulator, numbers, onEmulator, startOnEmulator } from '../../../testing/emulator.js';

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`elementwise kernels, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    ['unary functions', () => [tf.exp, tf.tanh, tf.sigmoid, tf.erf, tf.floor, tf.sign].map((f) => f(numbers([5, 7])))],
    [
      'binary functions',
      () => [tf.add, tf.mul, tf.div, tf.maximum].map((f) => f(numbers([4, 1, 3]), numbers([5, 1], 2))),
    ],
    ['whole powers', () => tf.pow(tf.tensor1d([8, -3, 2, 0, -1], 'int32'), tf.tensor1d([7, 3, 30, 0, 5], 'int32'))],
    [
      'casts',
      () => [
        tf.cast(numbers([9]), 'int32'),
        tf.cast(numbers([9]), 'bool'),
        tf.where(tf.greater(numbers([9]), 0), 1, 2),
      ],
    ],
  ])('%s is what tfjs-backend-cpu gives', async (_, run) => expectSameAsCpu(run, 1e-5));
});
