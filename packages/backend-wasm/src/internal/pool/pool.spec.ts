import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from '../../../testing/binaries.js';
import type { WasmSimdBackend } from '../../index.js';
import { registerWasmSimd } from '../../wasm-simd.js';
import { compileVariant } from '../binaries/compile.js';
import { variants } from '../binaries/variants.js';
import { startPool } from './pool.js';

const counts = [1, 2, 3, 5] as const;
const backends = new Map<number, WasmSimdBackend>();

beforeAll(async () => {
  for (const threads of counts)
    backends.set(threads, await registerWasmSimd(`threads-${threads}`, 'simd-threads', threads));
});

afterAll(() => {
  for (const threads of counts) tf.removeBackend(`threads-${threads}`);
});

const values = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, index) => Math.sin(index * 12.9898) * 3);

/** The first output of a kernel. */
function runFirst(name: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor {
  const outputs = tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, inputs, attributes as tf.NamedAttrMap);
  return Array.isArray(outputs) ? outputs[0]! : outputs;
}

const works: Readonly<Record<string, () => tf.Tensor>> = {
  'a tall product': () =>
    tf.matMul(tf.tensor2d(values(700 * 130), [700, 130]), tf.tensor2d(values(130 * 90), [130, 90])),
  'a wide product': () =>
    tf.matMul(tf.tensor2d(values(10 * 300), [10, 300]), tf.tensor2d(values(300 * 1030), [300, 1030])),
  'a transposed product': () =>
    tf.matMul(tf.tensor2d(values(300 * 200), [300, 200]), tf.tensor2d(values(210 * 300), [210, 300]), true, true),
  'a batch of products': () =>
    tf.matMul(tf.tensor3d(values(12 * 40 * 50), [12, 40, 50]), tf.tensor3d(values(12 * 50 * 33), [12, 50, 33])),
  'a fused product': () =>
    tf.fused.matMul({
      a: tf.tensor2d(values(400 * 120), [400, 120]),
      b: tf.tensor2d(values(120 * 64), [120, 64]),
      bias: tf.tensor1d(values(64)),
      activation: 'relu',
    }),
  'an elementwise function': () => tf.tanh(tf.tensor1d(values(200_003))),
  'a sum of two tensors': () => tf.add(tf.tensor1d(values(200_003)), tf.tensor1d(values(200_003))),
  'a broadcast': () => tf.mul(tf.tensor2d(values(500 * 301), [500, 301]), tf.tensor1d(values(301))),
  'a comparison': () => tf.greater(tf.tensor1d(values(200_003)), 0.5),
  'a sum over rows': () => tf.sum(tf.tensor2d(values(300 * 1001), [300, 1001]), 1),
  'a sum over columns': () => tf.sum(tf.tensor2d(values(300 * 1001), [300, 1001]), 0),
  'a sum over a middle axis': () => tf.sum(tf.tensor3d(values(50 * 40 * 60), [50, 40, 60]), 1),
  'a softmax': () => tf.softmax(tf.tensor2d(values(3000 * 37), [3000, 37])),
  "Adam's pass": () =>
    runFirst(
      'GradstreamAdam',
      {
        gradient0: tf.tensor1d(values(50_001)),
        m0: tf.tensor1d(values(50_001)),
        v0: tf.abs(tf.tensor1d(values(50_001))),
        mWeight: tf.scalar(1),
        vWeight: tf.scalar(1),
      },
      { beta1: 0.9, beta2: 0.99, epsilon: 1e-7 },
    ),
  'a global norm': () =>
    runFirst('GradstreamGlobalNorm', { x0: tf.tensor1d(values(200_003)), x1: tf.tensor1d(values(5)) }, { limit: 1 }),
  statistics: () => runFirst('GradstreamStatistics', { x: tf.tensor1d(values(200_003)) }, {}),
  dropout: () =>
    runFirst(
      'GradstreamDropout',
      { x: tf.tensor1d(values(200_003)), counter: tf.scalar(3, 'int32') },
      { rate: 0.3, keyLow: 5, keyHigh: 7 },
    ),
  'normal numbers': () =>
    runFirst(
      'GradstreamNormal',
      { counter: tf.scalar(3, 'int32') },
      { shape: [200_003], keyLow: 5, keyHigh: 7, mean: 0, deviation: 1 },
    ),
  'a cross-entropy': () =>
    runFirst(
      'GradstreamSoftmaxCrossEntropy',
      { labels: tf.tensor2d(values(3000 * 37), [3000, 37]), logits: tf.tensor2d(values(3000 * 37), [3000, 37]) },
      {},
    ),
  'a layer normalization': () =>
    runFirst('GradstreamLayerNorm', { x: tf.tensor2d(values(500 * 301), [500, 301]) }, { epsilon: 1e-3 }),
  'a batch normalization': () =>
    runFirst('GradstreamBatchNorm', { x: tf.tensor2d(values(5000 * 31), [5000, 31]) }, { epsilon: 1e-3 }),
  'a power': () => tf.pow(tf.abs(tf.tensor1d(values(100_003))), tf.tensor1d(values(100_003))),
  'a sine': () => tf.sin(tf.mul(tf.tensor1d(values(100_003)), 1e6)),
  'a contraction': () =>
    tf.einsum(
      'abcd,aecd->acbe',
      tf.tensor4d(values(24_000), [4, 30, 5, 40]),
      tf.tensor4d(values(28_000), [4, 35, 5, 40]),
    ),
  'a running sum': () => tf.cumsum(tf.tensor2d(values(300 * 101), [300, 101]), 0),
  'a scattered sum': () =>
    tf.scatterND(
      tf.tensor2d(
        Array.from({ length: 3000 }, (_, row) => (row * 7) % 500),
        [3000, 1],
        'int32',
      ),
      tf.tensor2d(values(3000 * 37), [3000, 37]),
      [500, 37],
    ),
  'a convolution in three dimensions': () =>
    tf.conv3d(
      tf.tensor5d(values(2 * 6 * 20 * 20 * 5), [2, 6, 20, 20, 5]),
      tf.tensor5d(values(3 * 3 * 3 * 5 * 20), [3, 3, 3, 5, 20]),
      1,
      'same',
    ),
  'a transposition': () => tf.transpose(tf.tensor2d(values(311 * 400), [311, 400])),
};

describe.each(Object.entries(works))('%s', (_, work) => {
  it('gives the same bits on any number of threads', async () => {
    const results = [];
    for (const threads of counts) {
      await tf.setBackend(`threads-${threads}`);
      expect(backends.get(threads)!.runtime.pool.threads).toBe(threads);
      for (let round = 0; round < 3; round++) results.push(valuesOf(work));
      expect(backends.get(threads)!.fallbacks()).toEqual({});
    }
    for (const result of results.slice(1))
      expect(Buffer.compare(Buffer.from(result.buffer), Buffer.from(results[0]!.buffer))).toBe(0);
  });
});

it('works alone, and says why, where a worker fails to start', async () => {
  const variant = variants.find(({ name }) => name === 'simd-threads')!;
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
  let ended = 0;
  const pool = await startPool(await compileVariant(variant), memory, 4, ({ lane }) =>
    lane === 2 ? Promise.reject(new Error('no more threads')) : Promise.resolve({ terminate: () => void ended++ }),
  );
  expect(pool).toMatchObject({ threads: 1, reason: 'a worker failed to start: no more threads' });
  expect(ended).toBe(2);
});

it('wakes parked workers', async () => {
  await tf.setBackend('threads-3');
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(tf.tidy(() => tf.sum(tf.abs(tf.neg(tf.ones([100_000])))).dataSync()[0])).toBe(100_000);
  }
});
