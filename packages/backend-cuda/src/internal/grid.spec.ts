import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSameAsCpu, loadEmulator, noEmulator, numbers, onEmulator } from '../../testing/emulator.js';
import { CUDA, cudaBackend } from '../cuda.js';
import type { CudaBackend } from '../cuda-backend.js';
import { gridFor } from './grid.js';

it('counts elements along the first dimension, and gives each thread several where there are very many', () => {
  expect(gridFor(0)).toEqual([1, 1, 1]);
  expect(gridFor(1000)).toEqual([4, 1, 1]);
  expect(gridFor(1000, 4)).toEqual([1, 1, 1]);
  expect(gridFor(2 ** 31)).toEqual([2 ** 20, 1, 1]);
});

// The real limit of a grid's second and third dimension is 65535: a device with a smaller one needs no large tensors.
describe.skipIf(noEmulator !== undefined)(`a device with short grids, ${onEmulator}`, () => {
  beforeAll(async () => {
    const emulator = await loadEmulator();
    emulator.configure();
    emulator.limitGrid(64);
    if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
    await cudaBackend({ library: emulator.library }).start();
    expect((tf.backend() as CudaBackend).runtime.device.mostBlocks).toBe(64);
  }, 600_000);
  afterAll(async () => {
    tf.removeBackend(CUDA);
    (await loadEmulator()).configure();
  });

  const image = (...shape: number[]): tf.Tensor4D => numbers(shape) as tf.Tensor4D;

  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    ['a tall product', () => tf.matMul(numbers([2100, 3]), numbers([3, 2], 2))],
    ['a tall transposed one', () => tf.matMul(numbers([3, 2100]), numbers([3, 2], 2), true)],
    ['a wide one', () => tf.matMul(numbers([2, 3]), numbers([2100, 3], 2), false, true)],
    ['many tall ones', () => tf.matMul(numbers([3, 2100, 2]), numbers([3, 2, 2], 2))],
    ['many small ones', () => tf.matMul(numbers([150, 2, 3]), numbers([150, 3, 2], 2))],
    ['many small transposed ones', () => tf.matMul(numbers([150, 3, 2]), numbers([150, 2, 3], 2), true, true)],
    ['many small ones with one matrix', () => tf.matMul(numbers([150, 3, 2]), numbers([1, 3, 2], 2), true)],
    ['a matrix with its sides changed', () => tf.transpose(numbers([2100, 9]))],
    ['many of them', () => tf.transpose(numbers([130, 9, 10]), [0, 2, 1])],
    ['sums of columns of many', () => tf.sum(numbers([150, 3, 2]), 1)],
    ['a convolution', () => tf.conv2d(image(1, 70, 70, 2), numbers([3, 3, 2, 3], 2) as tf.Tensor4D, 1, 'same')],
    [
      'its gradients',
      () => [
        tf.engine().runKernel('Conv2DBackpropInput', { dy: image(1, 70, 70, 3), filter: numbers([3, 3, 2, 3], 2) }, {
          strides: 1,
          pad: 'same',
          inputShape: [1, 70, 70, 2],
          dataFormat: 'NHWC',
        } as never) as tf.Tensor,
        tf.engine().runKernel('Conv2DBackpropFilter', { x: image(1, 6, 6, 240), dy: image(1, 6, 6, 2) }, {
          strides: 1,
          pad: 'same',
          filterShape: [3, 3, 240, 2],
          dataFormat: 'NHWC',
        } as never) as tf.Tensor,
      ],
    ],
  ])('%s is what tfjs-backend-cpu gives', async (_, run) => expectSameAsCpu(run, 1e-5));

  it('is refused a grid that it has not', () => {
    const { runtime } = tf.backend() as CudaBackend;
    const kernel = { file: 'convert', name: 'fill_words', signature: 'pii' };
    const launch = (...grid: [number, number, number]): void => runtime.launch(kernel, grid, [32, 1, 1], [0, 0, 0]);
    launch(100, 1, 1);
    launch(1, 64, 1);
    launch(1, 1, 64);
    expect(() => launch(1, 65, 1)).toThrow(/cuLaunchKernel[\s\S]*CUDA_ERROR_INVALID_VALUE/);
    expect(() => launch(1, 1, 65)).toThrow(/CUDA_ERROR_INVALID_VALUE/);
  });
});
