import { isGradstreamError } from '@gradstream/core';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
// Its bundle registers every gradient of tfjs-core, which Node gets from nowhere else here.
import '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpuBackend } from '../cpu/cpu-backend.js';
import { fallbackCounts } from '../cpu/cpu-fallback.js';
import { wasmBackend } from './wasm-backend.js';

beforeAll(async () => {
  await cpuBackend().start();
  await wasmBackend().start();
});
afterAll(() => tf.setBackend('cpu'));

/** Reproducible values between -scale and scale. */
const values = (size: number, scale: number, phase = 0): Float32Array =>
  Float32Array.from({ length: size }, (_, index) => scale * Math.sin(index * 12.9898 + phase));

/** Losses of a small convnet (plain and depthwise convolutions, an embedding, dense) over a few steps of gradient descent. */
async function trainConvnet(backend: string, steps: number): Promise<number[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const variable = (shape: number[], scale: number, phase: number): tf.Variable =>
    tf.tidy(() => tf.variable(tf.tensor(values(tf.util.sizeFromShape(shape), scale, phase), shape)));
  const filter = variable([3, 3, 1, 4], 0.4, 1);
  const depthwise = variable([3, 3, 4, 2], 0.4, 2);
  const kernel = variable([2 * 2 * 8, 3], 0.4, 3);
  const table = variable([5, 3], 0.4, 4);
  const bias = variable([3], 0.1, 5);
  const images = tf.tensor4d(values(6 * 10 * 10, 1), [6, 10, 10, 1]);
  const words = tf.tensor1d([0, 4, 2, 2, 1, 0], 'int32');
  const labels = tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3));
  const optimizer = tf.train.sgd(0.3);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = optimizer.minimize(
      () => {
        const first = tf.relu(tf.conv2d(images, filter as tf.Tensor4D, 1, 'same'));
        const pooled = tf.maxPool(first as tf.Tensor4D, 2, 2, 'valid');
        const second = tf.relu(tf.depthwiseConv2d(pooled as tf.Tensor4D, depthwise as tf.Tensor4D, 2, 'valid'));
        const flat = tf.reshape(second, [6, 2 * 2 * 8]);
        const logits = tf.add(tf.add(tf.matMul(flat, kernel as tf.Tensor2D), tf.gather(table, words)), bias);
        return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar;
      },
      true,
      [filter, depthwise, kernel, table, bias],
    )!;
    losses.push(loss.dataSync()[0]!);
    loss.dispose();
  }
  tf.dispose([filter, depthwise, kernel, table, bias, images, words, labels]);
  optimizer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return losses;
}

describe('wasmBackend', () => {
  it('says what it found', async () => {
    expect(await wasmBackend().probe()).toEqual({
      available: true,
      detail: 'tfjs-backend-wasm 4.22.0, SIMD, 1 thread',
    });
  });

  it('trains a convnet with the losses of cpu, four kernels served by it', async () => {
    const steps = 12;
    const cpu = await trainConvnet('cpu', steps);
    const before = fallbackCounts('wasm');
    const wasm = await trainConvnet('wasm', steps);
    expectAllClose(wasm, cpu, { relative: 1e-5, absolute: 1e-5 });
    expect(wasm.at(-1)).toBeLessThan(0.8 * wasm[0]!);
    for (const [name, count] of Object.entries(fallbackCounts('wasm')))
      expect([name, count - before[name]!]).toEqual([name, steps]);
  });

  it('leaves no data behind in fallbacks', async () => {
    await trainConvnet('wasm', 2);
    const data = tf.backend().numDataIds();
    await trainConvnet('wasm', 2);
    expect(tf.backend().numDataIds()).toBe(data);
  });

  it('installs its kernels once', async () => {
    const before = tf.getKernel('BatchMatMul', 'wasm').kernelFunc;
    await wasmBackend().start();
    expect(tf.getKernel('BatchMatMul', 'wasm').kernelFunc).toBe(before);
  });

  it.each([
    [{ wasmPath: '/x/' }, 'GS_OPTION_UNKNOWN'],
    [{ wasmPaths: 3 }, 'GS_OPTION_VALUE'],
    [{ wasmPaths: null }, 'GS_OPTION_VALUE'],
    [null, 'GS_OPTION_TYPE'],
    ['/x/', 'GS_OPTION_TYPE'],
  ])('refuses the options %j with %s', (options, code) => {
    let error: unknown;
    try {
      wasmBackend(options as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(isGradstreamError(error) && error.code).toBe(code);
  });
});
