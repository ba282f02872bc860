import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpuBackend } from '../cpu/cpu-backend.js';
import { wasmBackend } from './wasm-backend.js';

beforeAll(async () => {
  await cpuBackend().start();
  await wasmBackend().start();
});
afterAll(() => tf.setBackend('cpu'));

/** The kernel by itself: `dy` counts up. */
function gradient(x: tf.Tensor4D, size: [number, number], strides: [number, number], pad: 'valid' | 'same'): tf.Tensor {
  const output = tf.maxPool(x, size, strides, pad);
  const dy = tf.reshape(tf.range(1, output.size + 1), output.shape);
  return tf
    .engine()
    .runKernel('MaxPoolGrad', { dy, input: x, output }, { filterSize: size, strides, pad }) as unknown as tf.Tensor;
}

describe('MaxPoolGrad on wasm', () => {
  it.each([
    [[1, 2], [1, 3], 'same', [0, 1, 0, 0, 2, 0, 3]],
    [[1, 3], [1, 2], 'same', [0, 3, 0, 0, 3, 0, 4]],
    [[1, 3], [1, 1], 'valid', [0, 3, 0, 0, 12, 0, 0]],
  ] as const)('finds the largest of negative elements: %j, strides %j, %s', (size, strides, pad, expected) => {
    tf.tidy(() => {
      const x = tf.tensor4d([-2, -1, -3, -4, 5, -7, -6], [1, 1, 7, 1]);
      expectAllClose(gradient(x, [...size], [...strides], pad), expected);
    });
  });

  it.each([
    [[2, 2], [2, 2], 'valid'],
    [[3, 2], [1, 2], 'same'],
    [[2, 3], [3, 1], 'same'],
  ] as const)('gives what cpu gives: %j, strides %j, %s', async (size, strides, pad) => {
    const numbers = Array.from({ length: 120 }, (_, index) => Math.sin(index * 1.7) - 1);
    const results: Float32Array[] = [];
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      const result = tf.tidy(() => gradient(tf.tensor4d(numbers, [2, 5, 4, 3]), [...size], [...strides], pad));
      results.push(result.dataSync<'float32'>().slice());
      result.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
    expect(results[1]).toEqual(results[0]);
  });
});
