import { registerGradients } from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CUDA, cudaBackend } from '../cuda.js';
import type { CudaBackend } from '../cuda-backend.js';
import type { Precision, Rounding } from '../internal/rounding.js';
import {
  loadCublasLookAlike,
  noEmulator,
  numbers,
  onEmulator,
  startOnEmulator,
  type Emulator,
} from '../../testing/emulator.js';
import { expectRounded, transposes } from '../../testing/expect-rounded.js';

const roundings: readonly [Precision, Rounding][] = [
  ['mixedBfloat16', 'bf16'],
  ['mixedFloat16', 'f16'],
];

describe.skipIf(noEmulator !== undefined)(`products by tensor cores, ${onEmulator}`, () => {
  let backend: CudaBackend;
  let emulator: Emulator;
  beforeAll(async () => void ({ backend, emulator } = await startOnEmulator({ tensorCores: true })), 600_000);
  beforeEach(() => backend.usePrecision('float32'));
  afterAll(() => tf.removeBackend(CUDA));

  const sizes = [
    [5, 3, 7],
    [70, 66, 40],
    [17, 130, 301],
    [200, 130, 33],
    [33, 8, 700],
  ] as const;

  describe.each(roundings)('in %s', (precision, rounding) => {
    beforeEach(() => backend.usePrecision(precision));

    it.each(sizes)('a product of %i x %i, over %i, is that of rounded numbers, stored either way', async (m, n, k) => {
      for (const [ta, tb] of transposes) {
        const [a, b] = [numbers(ta ? [k, m] : [m, k]), numbers(tb ? [n, k] : [k, n], 2)];
        await expectRounded([a, b], (x, y) => tf.matMul(x!, y!, ta, tb), rounding);
        tf.dispose([a, b]);
      }
    });

    it('one of batches is, and one with bias and activation', async () => {
      const given = [numbers([3, 20, 30]), numbers([3, 30, 10], 2)];
      await expectRounded(given, (x, y) => tf.matMul(x!, y!), rounding);
      const [x, w, bias] = [numbers([40, 30]), numbers([30, 21], 2), numbers([21], 3)];
      const dense = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor =>
        // The bias is not rounded.
        tf.fused.matMul({ a, b, bias: tf.tensor(bias.dataSync(), [21]), activation: 'relu' });
      const values = bias.dataSync();
      await expectRounded(
        [x, w],
        (a, b) => tf.relu(tf.add(dense(a as tf.Tensor2D, b as tf.Tensor2D), tf.mul(tf.tensor(values), 0))),
        rounding,
      );
      tf.dispose([...given, x, w, bias]);
    });

    it.each<[string, readonly number[], readonly number[], 1 | 2]>([
      ['of three channels', [2, 9, 8, 3], [3, 3, 3, 5], 1],
      ['to sixteen', [1, 14, 14, 8], [3, 3, 8, 16], 1],
      ['to thirty-two', [2, 12, 11, 16], [3, 3, 16, 32], 2],
      ['to sixty-four', [1, 12, 12, 20], [2, 3, 20, 64], 1],
      ['of one pixel', [2, 5, 6, 8], [1, 1, 8, 12], 1],
    ])('a convolution %s is, with its gradients', async (_, shape, filterShape, stride) => {
      const [x, filter] = [numbers(shape), numbers(filterShape, 2)];
      const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 'same');
      await expectRounded([x, filter], (a, b) => convolve(a!, b!), rounding, 0, rounding);
      const dy = tf.tidy(() => numbers(convolve(x, filter).shape, 3));
      const attrs = { strides: [stride, stride], pad: 'same', dilations: [1, 1], dataFormat: 'NHWC' };
      const run = (name: string, inputs: Record<string, tf.Tensor>, more: object): tf.Tensor =>
        tf.engine().runKernel(name, inputs, { ...attrs, ...more } as never) as tf.Tensor;
      await expectRounded(
        [dy, filter],
        (a, b) => run('Conv2DBackpropInput', { dy: a!, filter: b! }, { inputShape: shape }),
        rounding,
        0,
        rounding,
      );
      await expectRounded([x, dy], (a, b) => run('Conv2DBackpropFilter', { x: a!, dy: b! }, { filterShape }), rounding);
      tf.dispose([x, filter, dy]);
    });

    it('numbers beyond the type are infinite, small ones are 0, and NaN stays', () => {
      const x = tf.tensor2d([1e5, 1e-9, Number.NaN, -3e38], [4, 1]);
      const y = [...tf.matMul(x, tf.ones([1, 1])).dataSync()];
      const [large, small, nan, lowest] = y;
      if (rounding === 'f16') expect([large, small, lowest]).toEqual([Infinity, 0, -Infinity]);
      else expect([large, small]).toEqual([99_840, Math.fround(9.968061931431293e-10)]);
      expect(nan).toBeNaN();
      x.dispose();
    });

    it('cuBLAS rounds in the same way', async () => {
      const cublas = await loadCublasLookAlike();
      expect(backend.useCublas({ library: cublas.library })).toBe(true);
      const [a, b] = [numbers([104, 120]), numbers([120, 104], 2)];
      const before = cublas.called('cublasGemmStridedBatchedEx');
      await expectRounded([a, b], (x, y) => tf.matMul(x!, y!), rounding);
      cublas.fail('cublasGemmStridedBatchedEx', 0, 15);
      await expectRounded([a, b], (x, y) => tf.matMul(x!, y!), rounding);
      expect(cublas.called('cublasGemmStridedBatchedEx') - before).toBe(2);
      backend.useCublas({ library: false });
      tf.dispose([a, b]);
    });
  });

  it('are of numbers rounded to TF32 where that is allowed, without cuBLAS too, and only large ones', async () => {
    const convolve = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
      tf.conv2d(x as tf.Tensor4D, y as tf.Tensor4D, 1, 'same');
    const given = [numbers([1, 20, 20, 16]), numbers([3, 3, 16, 24], 2)];
    const [a, b] = [numbers([104, 120]), numbers([120, 104], 2)];
    backend.useCublas({ library: false, tf32: true });
    try {
      await expectRounded([a, b], (x, y) => tf.matMul(x!, y!), 'tf32');
      await expectRounded([a, b], (x, y) => tf.matMul(x!, y!, true, true), 'tf32');
      await expectRounded(given, (x, y) => convolve(x!, y!), 'tf32');
      await expectRounded([numbers([40, 30]), numbers([30, 20], 2)], (x, y) => tf.matMul(x!, y!), 'none');
    } finally {
      backend.useCublas({ library: false });
    }
    await expectRounded([a, b], (x, y) => tf.matMul(x!, y!), 'none');
    tf.dispose([...given, a, b]);
  });

  it('train: a gradient of a product is made of rounded numbers', async () => {
    registerGradients();
    backend.usePrecision('mixedBfloat16');
    const [x, w] = [numbers([12, 20]), numbers([20, 6], 2)];
    await expectRounded([x, w], (a, b) => tf.grad((v) => tf.sum(tf.matMul(v, b!)))(a!), 'bf16');
    tf.dispose([x, w]);
  });

  it('are of float16 alone on a device of Turing', async () => {
    tf.removeBackend(CUDA);
    emulator.configure(12_000, 1, 75);
    await cudaBackend({ library: emulator.library, cublas: false, tf32: true }).start();
    const old = tf.backend() as CudaBackend;
    expect(old.precisions).toEqual(['float32', 'mixedFloat16']);
    const [a, b] = [numbers([104, 120]), numbers([120, 104], 2)];
    await expectRounded([a, b], (x, y) => tf.matMul(x!, y!), 'none');
    old.usePrecision('mixedFloat16');
    await expectRounded([a, b], (x, y) => tf.matMul(x!, y!), 'f16');
    const given = [numbers([1, 14, 14, 8]), numbers([3, 3, 8, 16], 2)];
    const convolve = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
      tf.conv2d(x as tf.Tensor4D, y as tf.Tensor4D, 1, 'same');
    await expectRounded(given, (x, y) => convolve(x!, y!), 'f16', 0, 'f16');
    tf.removeBackend(CUDA);
    ({ backend } = await startOnEmulator({ tensorCores: true }));
  });
});
