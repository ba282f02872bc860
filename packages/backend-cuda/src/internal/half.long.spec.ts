import { fusedBatchNorm, registerGradients } from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noEmulator, numbers, onEmulator, startOnEmulator } from '../../testing/emulator.js';
import { expectStored } from '../../testing/expect-rounded.js';
import { captureStep } from '../capture/capture-step.js';
import { CUDA } from '../cuda.js';
import type { CudaBackend } from '../cuda-backend.js';
import { halfOf, type Half } from './half.js';

/** Runs a kernel that tfjs-core has no function for. */
function run(name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor[] {
  const out = tf.engine().runKernel(name, inputs as never, { ...attrs } as never) as tf.Tensor | tf.Tensor[];
  return [out].flat();
}

describe.skipIf(noEmulator !== undefined).each([
  ['mixedBfloat16', 'bf16'],
  ['mixedFloat16', 'f16'],
] as const)(`numbers of 16 bits in %s, ${onEmulator}`, (precision, half: Half) => {
  let backend: CudaBackend;
  beforeAll(async () => {
    ({ backend } = await startOnEmulator({ tensorCores: true }));
    registerGradients();
  }, 600_000);
  beforeEach(() => backend.usePrecision(precision));
  afterAll(() => tf.removeBackend(CUDA));

  /** The result of a convolution: it lies in 16 bits. */
  const stored = (shape: readonly [number, number, number, number], seed = 1): tf.Tensor4D =>
    tf.tidy(() => {
      const channels = shape[3];
      const filter = tf.mul(tf.reshape(tf.eye(channels), [1, 1, channels, channels]), 1) as tf.Tensor4D;
      const y = tf.conv2d(numbers(shape, seed) as tf.Tensor4D, filter, 1, 'same');
      expect(halfOf(backend, y)).toBe(half);
      return y;
    });
  /** The same numbers in 32 bits. */
  const copyOf = (x: tf.Tensor): tf.Tensor => {
    const same = tf.tensor(
      tf.tidy(() => tf.mul(x, 1).dataSync()),
      x.shape,
    );
    return same;
  };
  /** The kernels that `work` launches. */
  const launched = (work: () => void): string[] => {
    const names: string[] = [];
    const { runtime } = backend;
    const own = runtime.launch;
    runtime.launch = (kernel, ...rest): void => {
      names.push(kernel.name);
      own.call(runtime, kernel, ...rest);
    };
    try {
      work();
    } finally {
      runtime.launch = own;
    }
    return names;
  };
  const casts = (names: readonly string[]): readonly string[] => names.filter((name) => /^(widen|narrow)/.test(name));

  it.each<[string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor[], readonly number[]]>([
    ['relu', (a) => [tf.relu(a)], [0]],
    ['a sum', (a, b) => [tf.add(a, b)], [0]],
    ['the gradient of relu', (dy, y) => run('GradstreamActivationGradient', { dy, y }, { activation: 'relu' }), [0]],
    [
      'batch normalization',
      (x) => run('GradstreamBatchNorm', { x, gamma: numbers([x.shape[3]!], 5) }, { epsilon: 1e-3 }),
      [0],
    ],
    [
      'pooling',
      (x) => [tf.maxPool(x as tf.Tensor4D, [2, 2], [1, 2], 'same'), tf.avgPool(x as tf.Tensor4D, 3, 1, 'valid')],
      [0, 1],
    ],
    [
      'its gradients',
      (x, dy) => {
        const attrs = { filterSize: [3, 3], strides: [1, 1], pad: 'same' };
        const output = tf.maxPool(x as tf.Tensor4D, [3, 3], [1, 1], 'same');
        return [
          run('MaxPoolGrad', { dy, input: x, output }, attrs)[0]!,
          run('AvgPoolGrad', { dy, input: x }, attrs)[0]!,
        ];
      },
      [0, 1],
    ],
    [
      'batch normalization of a prediction',
      (x) => {
        const [mean, variance] = [numbers([x.shape[3]!], 6), tf.square(numbers([x.shape[3]!], 7))];
        return [tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D)];
      },
      [0],
    ],
    [
      'its gradient',
      (x, dy) => {
        const [, mean, variance] = run('GradstreamBatchNorm', { x }, { epsilon: 1e-3 });
        return run('GradstreamBatchNormGradient', { dy, x, mean: mean!, variance: variance! }, { epsilon: 1e-3 });
      },
      [0],
    ],
  ])('%s is that of the same numbers in 32 bits, rounded when it is stored', (_, work, halves) => {
    for (const shape of [
      [2, 5, 6, 8],
      [1, 3, 7, 5],
    ] as const)
      tf.tidy(() => {
        const [a, b] = [stored(shape), stored(shape, 2)];
        const wide = work(copyOf(a), copyOf(b)).map((y) => [...y.dataSync()]);
        let results: tf.Tensor[] = [];
        expect(casts(launched(() => void (results = work(a, b))))).toEqual([]);
        for (const [index, y] of results.entries()) {
          const isHalf = halves.includes(index);
          expect(halfOf(backend, y)).toBe(isHalf ? half : undefined);
          const [got, wanted] = [y.dataSync() as Float32Array, Float32Array.from(wide[index]!)];
          if (isHalf) expectStored(got, wanted, half);
          else expect([...got]).toEqual([...wanted]);
        }
      });
  });

  it('get 32 bits beside these for everything else, once, and take half of the memory before', () => {
    tf.tidy(() => {
      const before = backend.memory().device.used;
      const x = stored([1, 16, 16, 16]);
      expect(backend.memory().device.used - before).toBe(2 * 4096);
      expect(casts(launched(() => void tf.exp(x)))).toEqual([`widen_${half}`]);
      expect(casts(launched(() => void tf.exp(x)))).toEqual([]);
      const y = tf.reshape(stored([1, 2, 2, 4]), [16]);
      expect(halfOf(backend, y)).toBe(half);
      expect([...y.dataSync()].every(Number.isFinite)).toBe(true);
      expect(halfOf(backend, y)).toBe(half);
      // What is written over lies in 32 bits alone.
      backend.writable(y);
      expect(halfOf(backend, y)).toBeUndefined();
    });
  });

  it('are given up for what is written in place of them', () => {
    tf.tidy(() => {
      const [x, filter] = [numbers([1, 5, 5, 4]) as tf.Tensor4D, numbers([3, 3, 4, 6], 2) as tf.Tensor4D];
      const preluActivationWeights = tf.fill([6], 0.5);
      const fused = tf.fused.conv2d({
        x,
        filter,
        strides: 1,
        pad: 'same',
        activation: 'prelu',
        preluActivationWeights,
      });
      const [got, wanted] = [fused.dataSync(), tf.leakyRelu(tf.conv2d(x, filter, 1, 'same'), 0.5).dataSync()];
      expect([...got]).toEqual([...wanted]);
      expect([...tf.relu(fused).dataSync()]).toEqual([...wanted.map((value) => Math.max(value, 0))]);
    });
  });

  it('go to another backend as numbers', async () => {
    const x = stored([1, 3, 3, 4]);
    const values = tf.tidy(() => [...copyOf(x).dataSync()]);
    const y = stored([1, 3, 3, 4]);
    await tf.setBackend('cpu');
    expect([...tf.tidy(() => tf.add(y, 0).dataSync())]).toEqual(values);
    await tf.setBackend(CUDA);
    tf.dispose([x, y]);
  });

  it('go through a residual block, forwards and backwards, without a launch that casts but at its ends', () => {
    const [x, filter] = [numbers([2, 8, 8, 8]) as tf.Tensor4D, numbers([3, 3, 8, 8], 2) as tf.Tensor4D];
    const block = (f: tf.Tensor4D): tf.Tensor => {
      const first = tf.conv2d(x, f, 1, 'same');
      const normal = fusedBatchNorm({ x: first, epsilon: 1e-3 }).y as tf.Tensor4D;
      const sum = tf.add(tf.conv2d(tf.relu(normal), f, 1, 'same'), normal);
      return tf.sum(tf.relu(sum));
    };
    const names = launched(() => tf.tidy(() => void tf.valueAndGrad(block as never)(filter)));
    // The image, for the filter and for its gradient; the last sum, and the gradient that comes from it.
    const [narrow, wide] = [`narrow_${half}`, `widen_${half}`];
    expect(casts(names)).toEqual([narrow, wide, narrow, narrow]);
    expect(names.filter((name) => name.startsWith('conv'))).toHaveLength(5);
    tf.dispose([x, filter]);
  });

  it('are recorded with a step; one that was made before it is none of it', () => {
    const x = numbers([1, 6, 6, 8]) as tf.Tensor4D;
    const filter = numbers([3, 3, 8, 8], 2) as tf.Tensor4D;
    const step = (): tf.Tensor => tf.tidy(() => tf.sum(tf.relu(tf.conv2d(x, filter, 1, 'same'))));
    const wanted = tf.tidy(() => step().dataSync()[0]);
    const captured = captureStep(step);
    captured.run();
    expect([captured.reason, captured.results.dataSync()[0]]).toEqual([undefined, wanted]);
    captured.dispose();
    const before = stored([1, 6, 6, 8]);
    const other = backend.recordStep(
      () => tf.tidy(() => void tf.sum(before)),
      () => [],
    );
    expect('reason' in other && other.reason).toMatch(/numbers of 16 bits that were made before it/);
    tf.dispose([x, filter, before]);
  });
});
