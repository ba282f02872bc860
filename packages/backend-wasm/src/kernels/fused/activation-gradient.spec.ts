import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, firstDifference, randomNumbers, runKernel, SIZES, useBinary } from '../../../testing/binaries.js';

const exact: Readonly<Record<string, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
};

/** What single kernels give, operation by operation. */
const slopes: Readonly<Record<string, (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor>> = {
  relu: (dy, y) => tf.mul(dy, tf.step(y)),
  relu6: (dy, y) => tf.mul(tf.mul(dy, tf.step(y)), tf.step(tf.sub(6, y))),
  sigmoid: (dy, y) => tf.mul(dy, tf.sub(y, tf.mul(y, y))),
  tanh: (dy, y) => tf.sub(dy, tf.mul(dy, tf.mul(y, y))),
  elu: (dy, y) => tf.engine().runKernel('EluGrad', { dy, y }) as tf.Tensor,
};

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  describe.each(Object.keys(exact))('a dense layer with %s', (activation) => {
    it.each([
      [1, 1, 1],
      [3, 5, 7],
      [4, 8, 3],
      [5, 300, 10],
      [0, 4, 4],
      [4, 0, 4],
      [33, 20, 130],
    ])('is right for [%i, %i] by %i units', (rows, inputs, units) => {
      const [x, kernel, bias] = [
        randomNumbers(rows * inputs, 2),
        randomNumbers(inputs * units, 3),
        randomNumbers(units, 4),
      ];
      for (const withBias of [true, false]) {
        const [got] = tf.tidy(() =>
          runKernel(
            'GradstreamDense',
            {
              x: tf.tensor2d(x, [rows, inputs]),
              kernel: tf.tensor2d(kernel, [inputs, units]),
              bias: withBias ? tf.tensor1d(bias) : undefined,
            },
            { activation },
          ),
        );
        expect(got!.length).toBe(rows * units);
        for (let index = 0; index < rows * units; index++) {
          const [row, unit] = [Math.floor(index / units), index % units];
          let sum = withBias ? bias[unit]! : 0;
          for (let k = 0; k < inputs; k++) sum += x[row * inputs + k]! * kernel[k * units + unit]!;
          const expected = exact[activation]!(sum);
          if (!(Math.abs(got![index]! - expected) <= 1e-6 * Math.max(1, Math.sqrt(inputs))))
            expect([index, got![index]]).toEqual([index, expected]);
        }
      }
    });
  });

  describe.each(Object.keys(slopes))('the slope of %s', (activation) => {
    it.each([...SIZES, 50_000])('has the bits of single kernels for %i elements', (size) => {
      const dy = randomNumbers(size, 5);
      const y = randomNumbers(size, 6).map((value) => value * 8);
      y.set([0, -0, 6, NaN, Infinity, 1, -1].slice(0, size));
      dy.set([1, 1, 1, 1, 1, NaN, Infinity].slice(0, size));
      const [got, expected] = tf.tidy(() => {
        const inputs = { dy: tf.tensor1d(dy), y: tf.tensor1d(y) };
        return [
          runKernel('GradstreamActivationGradient', inputs, { activation })[0]!,
          slopes[activation]!(inputs.dy, inputs.y).dataSync() as Float32Array,
        ];
      });
      expect(firstDifference(got, expected)).toBeUndefined();
    });
  });

  it('refuses shapes and activations that it does not know', () => {
    tf.tidy(() => {
      const [x, kernel] = [tf.ones([2, 3]), tf.ones([3, 4])];
      const bad = [
        [{ x, kernel: tf.ones([2, 4]) }, { activation: 'linear' }],
        [{ x, kernel, bias: tf.ones([3]) }, { activation: 'linear' }],
        [{ x, kernel: tf.ones([3]) }, { activation: 'linear' }],
        [{ x: tf.ones([2, 3], 'int32'), kernel }, { activation: 'linear' }],
        [{ x, kernel }, { activation: 'gelu' }],
      ] as const;
      for (const [inputs, attrs] of bad)
        expect(() => runKernel('GradstreamDense', inputs, attrs)).toThrow(/GradstreamDense|inner dimensions 3 and 2/);
      const dy = { dy: x, y: tf.ones([3, 2]) };
      expect(() => runKernel('GradstreamActivationGradient', dy, { activation: 'relu' })).toThrow('[3, 2]');
    });
  });
});
