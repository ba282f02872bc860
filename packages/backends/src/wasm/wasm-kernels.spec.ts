import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpuBackend } from '../cpu/cpu-backend.js';
import { wasmBackend } from './wasm-backend.js';

const NUMBERS = { relative: 1e-5, absolute: 1e-5 };

/** A tensor of reproducible values between -1 and 1. */
const waves = (shape: number[], phase = 0): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => Math.sin(index * 1.7 + phase)),
    shape,
  );

/** Runs a function on both backends; it shall give the same numbers, and leave no tensor behind. */
async function expectSameOnWasm(compute: () => tf.Tensor): Promise<void> {
  const results: { shape: number[]; values: ArrayLike<number> }[] = [];
  for (const name of ['cpu', 'wasm']) {
    await tf.setBackend(name);
    const before = tf.memory().numTensors;
    const result = tf.tidy(compute);
    results.push({ shape: result.shape, values: result.dataSync() });
    result.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
  const [cpu, wasm] = [results[0]!, results[1]!];
  expect(wasm.shape).toEqual(cpu.shape);
  expectAllClose(wasm.values, cpu.values, NUMBERS);
}

const heapBytes = (): number => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;

const FLAGS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

// The stock kernels, from before the overrides: what they get wrong, the overrides get right.
let stockMatMul: tf.KernelFunc;

beforeAll(async () => {
  await import('@tensorflow/tfjs-backend-wasm');
  stockMatMul = tf.getKernel('BatchMatMul', 'wasm').kernelFunc;
  await cpuBackend().start();
  await wasmBackend().start();
});
afterAll(() => tf.setBackend('cpu'));

describe('BatchMatMul on wasm', () => {
  const sizes = [
    [1, 1, 1],
    [3, 5, 2],
    [4, 100, 6],
    [100, 4, 6],
    [6, 4, 100],
    [49, 97, 51],
    [128, 32, 10],
    [10, 128, 64],
  ] as const;
  it.each(sizes)('multiplies [%i, %i] by [.., %i] as cpu does, whatever is transposed', async (m, k, n) => {
    for (const [transposeA, transposeB] of FLAGS) {
      await expectSameOnWasm(() =>
        tf.matMul(waves(transposeA ? [k, m] : [m, k]), waves(transposeB ? [n, k] : [k, n], 1), transposeA, transposeB),
      );
    }
  });

  const batches: [number[], number[]][] = [
    [[3], [3]],
    [[3], [1]],
    [[1], [3]],
    [[3], []],
    [
      [2, 3],
      [2, 3],
    ],
    [
      [1, 1],
      [1, 1],
    ],
  ];
  it.each(batches)('multiplies batches of %j by %j as cpu does', async (batchA, batchB) => {
    for (const [m, k, n] of [
      [17, 33, 19],
      [2, 3, 4],
    ] as const) {
      for (const [transposeA, transposeB] of FLAGS) {
        const [a, b] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
        await expectSameOnWasm(() =>
          tf.matMul(waves([...batchA, ...a]), waves([...batchB, ...b], 1), transposeA, transposeB),
        );
      }
    }
  });

  const broadcasts: [number[], number[]][] = [
    [
      [2, 1],
      [1, 3],
    ],
    [
      [2, 3],
      [2, 1],
    ],
    [[3], [2, 3]],
  ];
  it.each(broadcasts)('broadcasts batches of %j by %j, which cpu does not do right', async (batchA, batchB) => {
    await tf.setBackend('wasm');
    for (const [m, k, n] of [
      [17, 33, 19],
      [2, 3, 4],
    ] as const) {
      tf.tidy(() => {
        const [a, b] = [waves([...batchA, m, k]), waves([...batchB, k, n], 1)];
        const [wholeA, wholeB] = [tf.broadcastTo(a, [2, 3, m, k]), tf.broadcastTo(b, [2, 3, k, n])];
        expectAllClose(tf.matMul(a, b), tf.matMul(wholeA, wholeB), NUMBERS);
      });
    }
  });

  it('multiplies data right that was multiplied before under another shape', async () => {
    await expectSameOnWasm(() => {
      const data = waves([4, 6]);
      tf.matMul(waves([2, 4]), data);
      return tf.matMul(waves([2, 6]), tf.reshape(data, [6, 4]));
    });
    await expectSameOnWasm(() => {
      const data = waves([4, 6]);
      tf.fused.matMul({ a: waves([2, 4]), b: data as tf.Tensor2D, bias: waves([6]) });
      return tf.fused.matMul({ a: waves([2, 6]), b: tf.reshape(data, [6, 4]), bias: waves([4]), activation: 'relu' });
    });
  });

  it('gives zeros where the inner size is zero, and nothing where there are no rows', async () => {
    await expectSameOnWasm(() => tf.matMul(tf.zeros([3, 0]), tf.zeros([0, 5])));
    await expectSameOnWasm(() => tf.matMul(tf.zeros([0, 4]), tf.zeros([4, 5])));
  });

  it('refuses integers as before', async () => {
    await tf.setBackend('wasm');
    expect(() => tf.matMul(tf.ones([2, 2], 'int32'), tf.ones([2, 2], 'int32'))).toThrow(/float32/);
  });

  it('is at least three times as fast as the stock kernel where an operand is transposed', async () => {
    await tf.setBackend('wasm');
    const [x, gradient] = [waves([128, 256]), waves([128, 128], 1)];
    const best = (kernel: tf.KernelFunc): number => {
      const backend = tf.backend();
      const times = Array.from({ length: 7 }, () => {
        const start = performance.now();
        const inputs = { a: x, b: gradient };
        const output = kernel({ inputs, backend, attrs: { transposeA: true, transposeB: false } }) as tf.TensorInfo;
        backend.disposeData(output.dataId);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    expect(best(tf.getKernel('BatchMatMul', 'wasm').kernelFunc)).toBeLessThan(best(stockMatMul) / 3);
    tf.dispose([x, gradient]);
  });

  it('keeps the heap as it is over 2000 steps with new weights each', async () => {
    await tf.setBackend('wasm');
    const step = (index: number): void =>
      tf.tidy(() => {
        const [x, weights, gradient] = [waves([16, 64]), waves([64, 32], index), waves([16, 32], index)];
        tf.fused.matMul({
          a: x as tf.Tensor2D,
          b: weights as tf.Tensor2D,
          bias: waves([32], index),
          activation: 'relu',
        });
        tf.matMul(x, gradient, true, false);
        tf.matMul(gradient, weights, false, true);
      });
    for (let index = 0; index < 50; index++) step(index);
    const [bytes, data] = [heapBytes(), tf.backend().numDataIds()];
    for (let index = 0; index < 2000; index++) step(index);
    expect(heapBytes()).toBe(bytes);
    expect(tf.backend().numDataIds()).toBe(data);
  });
});

describe('_FusedMatMul on wasm', () => {
  const activations = ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu', 'prelu'] as const;
  it.each(activations)(
    'with %s is what cpu computes: transposed, in batches, with inner sizes above 48',
    async (activation) => {
      for (const [transposeA, transposeB] of FLAGS) {
        for (const batch of [[], [3]]) {
          await expectSameOnWasm(() =>
            tf.fused.matMul({
              a: waves([...batch, ...(transposeA ? [60, 4] : [4, 60])]),
              b: waves([...batch, ...(transposeB ? [5, 60] : [60, 5])], 1),
              bias: waves([5], 2),
              transposeA,
              transposeB,
              activation,
              leakyreluAlpha: 0.3,
              ...(activation === 'prelu' ? { preluActivationWeights: waves([5], 3) } : {}),
            } as Parameters<typeof tf.fused.matMul>[0]),
          );
        }
      }
    },
  );

  it.each([[[]], [[1]], [[6]], [[1, 6]], [[2, 6]]])('adds a bias of shape %j', async (shape: number[]) => {
    await expectSameOnWasm(() =>
      tf.fused.matMul({ a: waves([2, 4]) as tf.Tensor2D, b: waves([4, 6], 1) as tf.Tensor2D, bias: waves(shape, 2) }),
    );
  });

  it('adds a bias that was made in another shape', async () => {
    await expectSameOnWasm(() => {
      const bias = tf.reshape(waves([2, 3], 2), [6]);
      return tf.fused.matMul({ a: waves([2, 4]) as tf.Tensor2D, b: waves([4, 6], 1) as tf.Tensor2D, bias });
    });
  });
});

describe('Identity on wasm', () => {
  it('shares the data, which lives as long as one of its tensors', async () => {
    await tf.setBackend('wasm');
    const data = tf.backend().numDataIds();
    const first = waves([100]);
    const second = tf.clone(first);
    expect(tf.backend().numDataIds()).toBe(data + 1);
    const values = first.dataSync();
    first.dispose();
    expect(second.dataSync()).toEqual(values);
    second.dispose();
    expect(tf.backend().numDataIds()).toBe(data);
  });

  it('copies strings as before', async () => {
    await tf.setBackend('wasm');
    const words = tf.tensor(['a', 'b'], [2], 'string');
    const copy = tf.clone(words);
    expect(copy.dataSync()).toEqual(['a', 'b']);
    tf.dispose([words, copy]);
  });
});
