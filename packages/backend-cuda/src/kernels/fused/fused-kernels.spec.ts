import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { noEmulator, numbers, onEmulator, startOnEmulator } from '../../../testing/emulator.js';
import type { CudaBackend } from '../../cuda-backend.js';

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`fused kernels, ${onEmulator}`, () => {
  let backend: CudaBackend;
  beforeAll(async () => void ({ backend } = await startOnEmulator()), 600_000);

  it('a dense layer takes fewer launches than its parts, and gives what they give', async () => {
    const [x, w, bias] = [numbers([5, 17]), numbers([17, 9], 2), numbers([9], 3)];
    for (const tensor of [x, w, bias]) backend.address(tensor);
    const before = backend.runtime.launches;
    const fused = tf.fused.matMul({ a: x as tf.Tensor2D, b: w as tf.Tensor2D, bias, activation: 'relu' });
    const between = backend.runtime.launches;
    const parts = tf.tidy(() => tf.relu(tf.add(tf.matMul(x, w), bias)));
    expect(between - before).toBe(backend.runtime.launches - between - 2);
    const [got, wanted] = [await fused.data(), await parts.data()];
    for (const [index, value] of wanted.entries()) expect(got[index]).toBeCloseTo(value, 5);
    tf.dispose([x, w, bias, fused, parts]);
  });
});
