import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { expectSameAsCpu, noEmulator, numbers, onEmulator, startOnEmulator } from '../../../testing/emulator.js';

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`movement kernels, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    ['transposing', () => tf.transpose(numbers([3, 4, 5]), [2, 0, 1])],
    [
      'slices',
      () => [tf.slice(numbers([6, 5]), [1, 2], [3, 2]), tf.stridedSlice(numbers([6, 5]), [0, 4], [6, 0], [2, -2])],
    ],
    [
      'joining and padding',
      () => [
        tf.concat([numbers([2, 3]), numbers([2, 1], 2)], 1),
        tf.pad(numbers([2, 3]), [
          [1, 0],
          [0, 2],
        ]),
      ],
    ],
    [
      'gathering',
      () => [tf.gather(numbers([5, 3]), tf.tensor1d([4, 0, 4], 'int32')), tf.tile(numbers([2, 2]), [2, 3])],
    ],
  ])('%s is what tfjs-backend-cpu gives', async (_, run) => expectSameAsCpu(run, 1e-5));
});
