import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, firstDifference, randomNumbers, runKernel, useBinary } from '../../../testing/binaries.js';

const EPSILON = 1e-3;

/** In float64: outputs, and gradients for a given dy. */
function reference(
  x: Float32Array,
  dy: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  rows: number,
  n: number,
): number[][] {
  const outputs: number[][] = [[], [], [], [], [], []];
  for (let channel = 0; channel < n; channel++) {
    const at = Array.from({ length: rows }, (_, row) => row * n + channel);
    const mean = at.reduce((sum, index) => sum + x[index]!, 0) / rows;
    const variance = at.reduce((sum, index) => sum + (x[index]! - mean) ** 2, 0) / rows;
    const scale = 1 / Math.sqrt(variance + EPSILON);
    const sum = at.reduce((total, index) => total + dy[index]!, 0);
    const product = at.reduce((total, index) => total + dy[index]! * (x[index]! - mean) * scale, 0);
    for (const index of at) {
      const normal = (x[index]! - mean) * scale;
      outputs[0]![index] = normal * gamma[channel]! + beta[channel]!;
      outputs[3]![index] = gamma[channel]! * scale * (dy[index]! - sum / rows - (normal * product) / rows);
    }
    outputs[1]!.push(mean);
    outputs[2]!.push(variance);
    outputs[4]!.push(product);
    outputs[5]!.push(sum);
  }
  return outputs;
}

function expectClose(got: readonly Float32Array[], expected: readonly number[][], allowed: readonly number[]): void {
  expect(got.map((list) => list.length)).toEqual(expected.map((list) => list.length));
  for (const [output, list] of expected.entries()) {
    for (const [index, value] of list.entries())
      if (!(Math.abs(got[output]![index]! - value) <= allowed[output]! * Math.max(1, Math.abs(value))))
        expect([output, index, got[output]![index]]).toEqual([output, index, value]);
  }
}

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  describe.each([1, 2, 3, 4, 5, 7, 8, 10, 16, 30, 64, 100])('of %i channels', (n) => {
    it.each([1, 2, 3, 5, 70, 1000])('is right for %i rows, forward and backward', (rows) => {
      const x = randomNumbers(rows * n, 2).map((value, index) => value * 3 + ((index % n) % 7));
      const dy = randomNumbers(rows * n, 3);
      const [gamma, beta] = [randomNumbers(n, 4), randomNumbers(n, 5)];
      for (const affine of [true, false]) {
        const [ones, zeros] = [new Float32Array(n).fill(1), new Float32Array(n)];
        const expected = reference(x, dy, affine ? gamma : ones, affine ? beta : zeros, rows, n);
        const got = tf.tidy(() => {
          const parameters = affine ? { gamma: tf.tensor1d(gamma), beta: tf.tensor1d(beta) } : {};
          const input = tf.tensor2d(x, [rows, n]);
          const forward = runKernel('GradstreamBatchNorm', { x: input, ...parameters }, { epsilon: EPSILON });
          const [mean, variance] = [tf.tensor1d(forward[1]!), tf.tensor1d(forward[2]!)];
          const scale = affine ? { gamma: parameters.gamma! } : {};
          const kept = { dy: tf.tensor2d(dy, [rows, n]), x: input, mean, variance, ...scale };
          return [...forward, ...runKernel('GradstreamBatchNormGradient', kept, { epsilon: EPSILON })];
        });
        // Two rows or one: what should cancel is divided by a deviation near the root of epsilon.
        const steep = rows < 3 ? 3e-4 : 2e-5;
        const sums = 2e-6 * Math.max(20, rows) * (rows < 3 ? 20 : 1);
        expectClose(got, expected, [steep, 2e-6, 4e-6, steep, sums, sums]);
      }
    });
  });

  it.each([1, 3, 4, 5, 8, 10, 20])('as tfjs has it, is right for %i channels', (n) => {
    for (const rows of [0, 1, 2, 3, 9, 50]) {
      const numbers = [
        randomNumbers(rows * n, 2),
        randomNumbers(n, 3),
        randomNumbers(n, 4).map(Math.abs),
        randomNumbers(n, 5),
        randomNumbers(n, 6),
      ] as const;
      const run = (withScale: boolean, withOffset: boolean): Float32Array =>
        tf.tidy(() => {
          const [mean, variance, scale, offset] = numbers.slice(1).map((values) => tf.tensor1d(values));
          const x = tf.tensor(numbers[0], [rows, 1, 1, n]);
          const optional = { ...(withScale ? { scale: scale! } : {}), ...(withOffset ? { offset: offset! } : {}) };
          return runKernel(
            'FusedBatchNorm',
            { x, mean: mean!, variance: variance!, ...optional },
            { varianceEpsilon: 0.01 },
          )[0]!;
        });
      for (const [withScale, withOffset] of [
        [true, true],
        [false, true],
        [true, false],
      ] as const) {
        const got = run(withScale, withOffset);
        const [x, mean, variance, scale, offset] = numbers;
        for (let index = 0; index < rows * n; index++) {
          const c = index % n;
          const expected =
            ((x[index]! - mean[c]!) * (withScale ? scale[c]! : 1)) / Math.sqrt(variance[c]! + 0.01) +
            (withOffset ? offset[c]! : 0);
          expect(Math.abs(got[index]! - expected)).toBeLessThan(1e-5);
        }
      }
    }
  });

  it('runs under tf.batchNorm without a fallback', () => {
    const backend = tf.backend() as unknown as { fallbacks(): object; resetFallbacks(): void };
    backend.resetFallbacks();
    const y = tf.tidy(() =>
      tf
        .batchNorm(tf.ones<tf.Rank.R3>([2, 2, 3]), tf.tensor1d([1, 0, 2]), tf.ones([3]), undefined, undefined, 0)
        .dataSync(),
    );
    expect([...y]).toEqual([0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1]);
    expect(backend.fallbacks()).toEqual({});
  });

  it('keeps a small spread around a large mean, and NaN in its channel', () => {
    const x = Float32Array.from({ length: 3000 }, (_, index) =>
      index % 3 === 0 ? 1e4 + ((index / 3) % 2) : index % 3 === 1 ? 1 : index / 3,
    );
    x[1501] = NaN;
    const [, mean, variance] = tf.tidy(() =>
      runKernel('GradstreamBatchNorm', { x: tf.tensor2d(x, [1000, 3]) }, { epsilon: 0 }),
    );
    expect(firstDifference(mean!.subarray(0, 2), [10_000.5, NaN])).toBeUndefined();
    expect(firstDifference(variance!.subarray(0, 2), [0.25, NaN])).toBeUndefined();
    expect(mean![2]).toBeCloseTo(500.17, 1);
  });

  it('refuses parameters that do not fit', () => {
    tf.tidy(() => {
      const x = tf.ones([2, 3]);
      const attrs = { epsilon: 1e-3 };
      const mean = tf.ones([3]);
      expect(() => runKernel('GradstreamBatchNorm', { x, gamma: tf.ones([2]) }, attrs)).toThrow('BatchNorm');
      expect(() => runKernel('GradstreamBatchNorm', { x }, {})).toThrow('BatchNorm');
      expect(() =>
        runKernel('GradstreamBatchNormGradient', { x, dy: tf.ones([3, 2]), mean, variance: mean }, attrs),
      ).toThrow('BatchNorm');
      expect(() =>
        runKernel('GradstreamBatchNormGradient', { x, dy: x, mean: tf.ones([2]), variance: mean }, attrs),
      ).toThrow('BatchNorm');
    });
  });
});
