import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, randomNumbers, runKernel, useBinary } from '../../../testing/binaries.js';

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
  const [y, mean, inverse, dx]: number[][] = [[], [], [], []];
  const dGamma = Array.from({ length: n }, () => 0);
  const dBeta = Array.from({ length: n }, () => 0);
  for (let row = 0; row < rows; row++) {
    const values = Array.from(x.subarray(row * n, (row + 1) * n));
    const centre = values.reduce((sum, value) => sum + value, 0) / n;
    const scale = 1 / Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / n + EPSILON);
    const normal = values.map((value) => (value - centre) * scale);
    const g = normal.map((_, index) => dy[row * n + index]! * gamma[index]!);
    const low = g.reduce((sum, value) => sum + value, 0) / n;
    const slope = g.reduce((sum, value, index) => sum + value * normal[index]!, 0) / n;
    mean!.push(centre);
    inverse!.push(scale);
    for (const [index, value] of normal.entries()) {
      y!.push(value * gamma[index]! + beta[index]!);
      dx!.push(scale * (g[index]! - low - value * slope));
      dGamma[index]! += dy[row * n + index]! * value;
      dBeta[index]! += dy[row * n + index]!;
    }
  }
  return [y!, mean!, inverse!, dx!, dGamma, dBeta];
}

function expectClose(got: readonly Float32Array[], expected: readonly number[][], allowed: number): void {
  expect(got.map((list) => list.length)).toEqual(expected.map((list) => list.length));
  for (const [output, list] of expected.entries()) {
    for (const [index, value] of list.entries())
      if (!(Math.abs(got[output]![index]! - value) <= allowed * Math.max(1, Math.abs(value))))
        expect([output, index, got[output]![index]]).toEqual([output, index, value]);
  }
}

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  describe.each([1, 2, 3, 4, 5, 7, 8, 19, 64, 1000])('of %i features', (n) => {
    it.each([0, 1, 3, 70, 700])('is right for %i rows, forward and backward', (rows) => {
      if (rows * n > 100_000) return;
      const x = randomNumbers(rows * n, 2).map((value, index) => value * 3 + (index % 7));
      const dy = randomNumbers(rows * n, 3);
      const [gamma, beta] = [randomNumbers(n, 4), randomNumbers(n, 5)];
      for (const affine of [true, false]) {
        const [ones, zeros] = [new Float32Array(n).fill(1), new Float32Array(n)];
        const expected = reference(x, dy, affine ? gamma : ones, affine ? beta : zeros, rows, n);
        const got = tf.tidy(() => {
          const parameters = affine ? { gamma: tf.tensor1d(gamma), beta: tf.tensor1d(beta) } : {};
          const input = tf.tensor2d(x, [rows, n]);
          const forward = runKernel('GradstreamLayerNorm', { x: input, ...parameters }, { epsilon: EPSILON });
          const [mean, inverse] = [tf.tensor1d(forward[1]!), tf.tensor1d(forward[2]!)];
          const scale = affine ? { gamma: parameters.gamma! } : {};
          const backward = runKernel('GradstreamLayerNormGradient', {
            dy: tf.tensor2d(dy, [rows, n]),
            x: input,
            mean,
            inverse,
            ...scale,
          });
          return [...forward, ...backward];
        });
        expectClose(got.slice(0, 4), expected.slice(0, 4), n < 3 ? 2e-4 : 2e-5);
        // Sums over all rows: their error grows with them.
        expectClose(got.slice(4), expected.slice(4), 1e-6 * Math.max(10, rows));
      }
    });
  });

  it('takes any shape, keeps a small spread around a large mean, and NaN in its row', () => {
    const shape = tf.tidy(() =>
      (
        tf
          .engine()
          .runKernel('GradstreamLayerNorm', { x: tf.ones([2, 3, 4]) }, { epsilon: 1e-3 }) as unknown as tf.Tensor[]
      ).map((x) => x.shape),
    );
    expect(shape).toEqual([[2, 3, 4], [6], [6]]);
    const x = tf.tensor2d([4096, 4097, 4098, 4097, 4096, 1, NaN, 3, 4, 5, 1, 2, 3, 4, 5], [3, 5]);
    const [y] = runKernel('GradstreamLayerNorm', { x }, { epsilon: 0 });
    x.dispose();
    const [far, near] = [1 / Math.sqrt(0.56), 1 / Math.sqrt(2)];
    const expected = [
      -0.8 * far,
      0.2 * far,
      1.2 * far,
      0.2 * far,
      -0.8 * far,
      ...Array.from({ length: 5 }, () => NaN),
      -2 * near,
      -near,
      0,
      near,
      2 * near,
    ];
    for (const [index, value] of expected.entries()) {
      if (Number.isNaN(value)) expect(y![index]).toBeNaN();
      else expect(Math.abs(y![index]! - value)).toBeLessThan(2e-3);
    }
  });

  it('refuses parameters that do not fit', () => {
    tf.tidy(() => {
      const x = tf.ones([2, 3]);
      const attrs = { epsilon: 1e-3 };
      expect(() => runKernel('GradstreamLayerNorm', { x, gamma: tf.ones([2]) }, attrs)).toThrow('LayerNorm');
      expect(() => runKernel('GradstreamLayerNorm', { x }, {})).toThrow('LayerNorm');
      const [mean, dy] = [tf.ones([2]), tf.ones([3, 2])];
      expect(() => runKernel('GradstreamLayerNormGradient', { x, dy, mean, inverse: mean })).toThrow('LayerNorm');
      expect(() => runKernel('GradstreamLayerNormGradient', { x, dy: x, mean: tf.ones([3]), inverse: mean })).toThrow(
        'LayerNorm',
      );
    });
  });
});
