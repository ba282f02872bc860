import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { expectSameAsCpu, noEmulator, numbers, onEmulator, startOnEmulator } from '../../../testing/emulator.js';

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`convolutions, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    [
      'a convolution',
      () => tf.conv2d(numbers([2, 9, 8, 3]) as tf.Tensor4D, numbers([3, 3, 3, 5], 2) as tf.Tensor4D, 2, 'same'),
    ],
    [
      'one of 1 by 1',
      () => tf.conv2d(numbers([2, 4, 4, 6]) as tf.Tensor4D, numbers([1, 1, 6, 8], 2) as tf.Tensor4D, 1, 'valid'),
    ],
    [
      'a depthwise one',
      () =>
        tf.depthwiseConv2d(numbers([2, 9, 8, 3]) as tf.Tensor4D, numbers([3, 3, 3, 2], 2) as tf.Tensor4D, 1, 'same'),
    ],
    [
      'one of volumes',
      () => tf.conv3d(numbers([1, 4, 5, 6, 2]) as tf.Tensor5D, numbers([2, 2, 2, 2, 3], 2) as tf.Tensor5D, 1, 'valid'),
    ],
  ])('%s is what tfjs-backend-cpu gives', async (_, run) => expectSameAsCpu(run, 1e-5));
});
