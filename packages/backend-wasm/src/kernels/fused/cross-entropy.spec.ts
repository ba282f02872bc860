import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, randomNumbers, runKernel, useBinary } from '../../../testing/binaries.js';

interface Reference {
  losses: number[];
  slope: number[];
}

/** In float64, for rows of weights. */
function reference(labels: ArrayLike<number>, logits: ArrayLike<number>, rows: number, n: number): Reference {
  const result: Reference = { losses: [], slope: [] };
  for (let row = 0; row < rows; row++) {
    const x = Array.from({ length: n }, (_, index) => logits[row * n + index]!);
    const y = x.map((_, index) => labels[row * n + index]!);
    const top = Math.max(...x);
    const total = x.reduce((sum, value) => sum + Math.exp(value - top), 0);
    const weight = y.reduce((sum, value) => sum + value, 0);
    result.losses.push(-x.reduce((sum, value, index) => sum + y[index]! * (value - top - Math.log(total)), 0));
    result.slope.push(...x.map((value, index) => (Math.exp(value - top) / total) * weight - y[index]!));
  }
  return result;
}

const close = (got: Float32Array, expected: readonly number[]): void => {
  expect(got.length).toBe(expected.length);
  for (const [index, value] of expected.entries())
    if (!(Math.abs(got[index]! - value) <= 2e-6 * Math.max(1, Math.abs(value))))
      expect([index, got[index]]).toEqual([index, value]);
};

const encoded = (classes: ArrayLike<number>, n: number): number[] =>
  Array.from(classes).flatMap((label) => Array.from({ length: n }, (_, index) => (index === label ? 1 : 0)));

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  const dense = (
    labels: number[] | Float32Array,
    logits: number[] | Float32Array,
    shape: [number, number],
  ): Float32Array[] =>
    tf.tidy(() =>
      runKernel('GradstreamSoftmaxCrossEntropy', {
        labels: tf.tensor2d(labels, shape),
        logits: tf.tensor2d(logits, shape),
      }),
    );
  const sparse = (
    labels: number[] | Int32Array,
    logits: number[] | Float32Array,
    shape: [number, number],
  ): Float32Array[] =>
    tf.tidy(() =>
      runKernel('GradstreamSparseSoftmaxCrossEntropy', {
        labels: tf.tensor1d(labels, 'int32'),
        logits: tf.tensor2d(logits, shape),
      }),
    );

  it.each([1, 2, 3, 4, 5, 7, 8, 10, 1000])('is right for %i classes', (n) => {
    for (const rows of [0, 1, 3, 50]) {
      const logits = randomNumbers(rows * n, 2).map((value) => value * 20);
      const weights = randomNumbers(rows * n, 3);
      const classes = Int32Array.from(randomNumbers(rows, 4), (value) => Math.floor(((value + 1) / 2) * n));
      const expected = reference(weights, logits, rows, n);
      const [losses, slope] = dense(weights, logits, [rows, n]);
      // A sum of as many terms of either sign: its error grows with them.
      for (const [index, value] of expected.losses.entries())
        expect(Math.abs(losses![index]! - value)).toBeLessThan(3e-6 * n * 40);
      for (const [index, value] of expected.slope.entries())
        expect(Math.abs(slope![index]! - value)).toBeLessThan(1e-5);
      const oneHot = reference(encoded(classes, n), logits, rows, n);
      for (const [got, gotSlope] of [
        sparse(classes, logits, [rows, n]),
        dense(encoded(classes, n), logits, [rows, n]),
      ]) {
        close(got!, oneHot.losses);
        close(gotSlope!, oneHot.slope);
      }
    }
  });

  it('neither overflows nor loses a far logit', () => {
    const [losses, slope] = sparse([0, 1], [1e30, -1e30, 0, 300, 1000, -1000], [2, 3]);
    close(losses!, [0, 0]);
    close(slope!, [0, 0, 0, 0, 0, 0]);
    close(sparse([0, 2], [3e4, 0, 0, 0, 0, -500], [2, 3])[0]!, [0, 500 + Math.log(2)]);
  });

  it('lets NaN and infinity show in their row alone', () => {
    for (const bad of [NaN, Infinity]) {
      const logits = [1, 2, 3, 4, 5, 6, bad, 8, 9, 1, 2, 3, 4, 5, 6];
      for (const [losses, slope] of [sparse([1, 2, 3], logits, [3, 5]), dense(encoded([1, 2, 3], 5), logits, [3, 5])]) {
        expect(Array.from(losses!, Number.isNaN)).toEqual([false, true, false]);
        expect(Array.from(slope!, Number.isNaN).slice(0, 5)).toEqual([false, false, false, false, false]);
        expect(slope!.slice(5, 10).some(Number.isNaN)).toBe(true);
      }
    }
  });

  it('takes a masked class, and a label that is no class', () => {
    const [losses, slope] = sparse([0, -1, 9], [0, -Infinity, 0, 0, 0, 0, 1, 1, 1], [3, 3]);
    close(losses!, [Math.log(2), 0, 0]);
    close(slope!, [-0.5, 0, 0.5, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3]);
  });

  it('refuses labels that do not fit', () => {
    tf.tidy(() => {
      const logits = tf.ones([2, 3]);
      expect(() => runKernel('GradstreamSoftmaxCrossEntropy', { logits, labels: tf.ones([3, 2]) })).toThrow(
        'CrossEntropy',
      );
      expect(() => runKernel('GradstreamSparseSoftmaxCrossEntropy', { logits, labels: tf.ones([2]) })).toThrow(
        'CrossEntropy',
      );
      expect(() => runKernel('GradstreamSparseSoftmaxCrossEntropy', { logits, labels: tf.ones([3], 'int32') })).toThrow(
        'CrossEntropy',
      );
    });
  });
});
