import {
  fusedAttention,
  fusedBatchNorm,
  fusedDense,
  fusedLayerNorm,
  keyedDropout,
  keyedUniform,
  probabilityCrossEntropy,
  registerGradients,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  StepCounter,
  tensorStatistics,
  valueAndGradients,
} from '@gradstream/autodiff';
import { randomKey, uniformValues } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from '../../index.js';
import { fusedKernels } from './fused-kernels.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  registerGradients();
  await wasmSimdBackend().start();
  backend = tf.backend() as WasmSimdBackend;
});

const values = (size: number, scale = 2): Float32Array =>
  Float32Array.from({ length: size }, (_, index) => Math.sin(index * 12.9898) * scale);

/** The same work on this backend and on the cpu backend, where no fused kernel is registered. */
async function both(work: () => tf.Tensor[]): Promise<{ own: number[][]; plain: number[][] }> {
  const run = (): number[][] => {
    const results = tf.tidy(work).map((tensor) => {
      const list = [...tensor.dataSync()];
      tensor.dispose();
      return list;
    });
    return results;
  };
  backend.resetFallbacks();
  await tf.setBackend('wasm-simd');
  const own = run();
  expect(backend.fallbacks()).toEqual({});
  await tf.setBackend('cpu');
  const plain = run();
  await tf.setBackend('wasm-simd');
  return { own, plain };
}

function expectClose(own: number[][], plain: number[][], tolerance = 1e-5): void {
  expect(own.length).toBe(plain.length);
  for (const [index, list] of own.entries()) {
    expect(list.length).toBe(plain[index]!.length);
    for (const [place, value] of list.entries()) {
      const expected = plain[index]![place]!;
      if (!(Math.abs(value - expected) <= tolerance * (1 + Math.abs(expected))))
        expect([index, place, value]).toEqual([index, place, expected]);
    }
  }
}

it.each(['linear', 'relu', 'relu6', 'sigmoid', 'tanh', 'elu', 'softmax'] as const)(
  'a dense layer with %s and its gradients are those of plain kernels',
  async (activation) => {
    const { own, plain } = await both(() => {
      const kernel = tf.variable(tf.tensor2d(values(30 * 11), [30, 11]));
      const bias = tf.variable(tf.tensor1d(values(11)));
      const x = tf.variable(tf.tensor2d(values(7 * 30, 0.5), [7, 30]));
      const { value, gradients } = valueAndGradients(
        () => tf.sum(tf.square(fusedDense({ x, kernel, bias, activation }))) as tf.Scalar,
        { kernel, bias, x },
      );
      const result = [
        tf.clone(value),
        gradients['kernel']!,
        gradients['bias']!,
        gradients['x']!,
        fusedDense({ x, kernel, bias, activation }),
      ];
      kernel.dispose();
      bias.dispose();
      x.dispose();
      return result;
    });
    expectClose(own, plain, 2e-5);
  },
);

it.each([3, 4, 10, 17])(
  'cross-entropies of %i classes and their gradients are those of plain kernels',
  async (classes) => {
    const { own, plain } = await both(() => {
      const logits = tf.variable(tf.tensor2d(values(6 * classes, 30), [6, classes]));
      const labels = tf.tensor1d([0, 1, 2, 0, classes - 1, 1], 'int32');
      const smooth = tf.softmax(tf.tensor2d(values(6 * classes, 1), [6, classes]));
      const weights = tf.tensor1d([1, 2, 0.5, 1, 1, -1]);
      const sparse = valueAndGradients(
        () => tf.sum(tf.mul(weights, sparseSoftmaxCrossEntropy(labels, logits))) as tf.Scalar,
        { logits },
      );
      const dense = valueAndGradients(() => tf.sum(tf.mul(weights, softmaxCrossEntropy(smooth, logits))) as tf.Scalar, {
        logits,
      });
      logits.dispose();
      return [tf.clone(sparse.value), sparse.gradients['logits']!, tf.clone(dense.value), dense.gradients['logits']!];
    });
    expectClose(own, plain);
  },
);

it.each([1, 3, 4, 10, 17])(
  'cross-entropies of probabilities of %i classes and their gradients are those of plain kernels',
  async (classes) => {
    const { own, plain } = await both(() => {
      const chances = Array.from(values(6 * classes, 0.5), (value) => value + 0.5);
      // A row that is certain, one that is certain of another class, and one that is no distribution.
      chances.fill(0, 0, 2 * classes);
      chances[0] = chances[2 * classes - 1] = 1;
      const probabilities = tf.variable(tf.tensor2d(chances, [6, classes]));
      const labels = tf.tensor1d([0, 0, classes - 1, 0, -1, classes], 'int32');
      const smooth = tf.softmax(tf.tensor2d(values(6 * classes, 1), [6, classes]));
      const weights = tf.tensor1d([1, 2, 0.5, 1, 1, -1]);
      const results = [labels, smooth].flatMap((targets) => {
        const f = (): tf.Scalar => tf.sum(tf.mul(weights, probabilityCrossEntropy(targets, probabilities)));
        const { value, gradients } = valueAndGradients(f, { probabilities });
        return [tf.clone(value), gradients['probabilities']!];
      });
      probabilities.dispose();
      return results;
    });
    expectClose(own, plain, 2e-5);
  },
);

it('shows a probability that is no number in loss and gradient', () => {
  const probabilities = tf.variable(tf.tensor2d([0.5, NaN, 0.2, 0.3, Infinity, 0.1], [2, 3]));
  for (const labels of [tf.tensor1d([0, 0], 'int32'), tf.tensor2d([1, 0, 0, 1, 0, 0], [2, 3])]) {
    const losses = probabilityCrossEntropy(labels, probabilities);
    expect(Array.from(losses.dataSync()).every(Number.isNaN)).toBe(true);
    tf.dispose([losses, labels]);
  }
  probabilities.dispose();
});

it('a class number that is none reads and writes nothing', async () => {
  const { own, plain } = await both(() => [
    sparseSoftmaxCrossEntropy(tf.tensor1d([-1, 5, 1 << 30], 'int32'), tf.tensor2d(values(9), [3, 3])),
  ]);
  expectClose(own, plain);
  expect(own[0]).toEqual([0, 0, 0]);
});

it.each(['layer', 'batch'])('%s normalization and its gradients are those of plain kernels', async (kind) => {
  for (const affine of [true, false]) {
    const { own, plain } = await both(() => {
      const x = tf.variable(tf.tensor(values(5 * 4 * 11), [5, 4, 11]));
      const parameters = affine
        ? { gamma: tf.variable(tf.tensor1d(values(11))), beta: tf.variable(tf.tensor1d(values(11, 3))) }
        : {};
      const run = (): tf.Tensor =>
        kind === 'layer' ? fusedLayerNorm({ x, ...parameters }) : fusedBatchNorm({ x, ...parameters }).y;
      const { value, gradients } = valueAndGradients(() => tf.sum(tf.mul(tf.square(run()), tf.sin(x))) as tf.Scalar, {
        x,
        ...parameters,
      });
      const { mean, variance } = fusedBatchNorm({ x });
      const results = [tf.clone(value), ...Object.values(gradients), run(), mean, variance];
      tf.dispose([x, parameters]);
      return results;
    });
    expectClose(own, plain, 2e-5);
  }
});

it.each([false, true])('attention and its gradients are those of plain kernels, masked: %s', async (masked) => {
  const { own, plain } = await both(() => {
    const [query, key] = [5, 7].map((steps) => tf.variable(tf.tensor(values(2 * 3 * steps * 6), [2, 3, steps, 6])));
    const value = tf.variable(tf.tensor(values(2 * 3 * 7 * 4), [2, 3, 7, 4]));
    const mask = tf.tensor(
      values(70).map((number) => Number(number > -0.5)),
      [2, 1, 5, 7],
    );
    const counter = new StepCounter(4);
    const dropout = { rate: 0.3, key: randomKey(8), counter };
    const run = (): tf.Tensor =>
      fusedAttention({ query: query!, key: key!, value, ...(masked ? { mask, dropout } : {}) });
    const { gradients } = valueAndGradients(() => tf.sum(tf.square(run())) as tf.Scalar, {
      query: query!,
      key: key!,
      value,
    });
    const results = [...Object.values(gradients), run()];
    counter.dispose();
    tf.dispose([query!, key!, value]);
    return results;
  });
  expectClose(own, plain, 2e-5);
});

describe('random numbers', () => {
  it.each([1, 3, 4, 15, 16, 17, 63, 64, 65, 1001])('are those of the host: %i of them', (size) => {
    const key = randomKey(2 ** 40 + 12345);
    const counter = new StepCounter(77);
    for (const [min, max] of [
      [0, 1],
      [-0.3, 0.7],
      [5, 5],
    ] as const) {
      const got = tf.tidy(() => keyedUniform([size], key, counter, { min, max }).dataSync());
      expect([...got]).toEqual([...uniformValues(key, 77, size, min, max)]);
    }
    counter.dispose();
  });

  it('drop the same elements as the host does', async () => {
    for (const rate of [0.1, 0.25, 0.5, 0.9]) {
      const { own, plain } = await both(() => {
        const counter = new StepCounter(3);
        const x = tf.variable(tf.tensor2d(values(33 * 7), [33, 7]));
        const { value, gradients } = valueAndGradients(
          () => tf.sum(tf.square(keyedDropout(x, rate, randomKey(9), counter))) as tf.Scalar,
          { x },
        );
        const result = [tf.clone(value), gradients['x']!, keyedDropout(x, rate, randomKey(9), counter)];
        x.dispose();
        counter.dispose();
        return result;
      });
      expectClose(own, plain);
      expect(own[2]!.filter((value) => value === 0).length).toBe(plain[2]!.filter((value) => value === 0).length);
    }
  });
});

it.each([1, 3, 4, 5, 1023, 5000])('statistics of %i numbers are those of plain kernels', async (size) => {
  const x = values(size).map((value, index) => (index % 7 === 2 ? 0 : value + 3));
  const { own, plain } = await both(() => [tensorStatistics(tf.tensor1d(x))]);
  expectClose(own, plain);
});

it('has a kernel for each name, and each is used above', () => {
  for (const { name } of fusedKernels) expect(tf.getKernel(name, 'wasm-simd')).toBeDefined();
});
