import { normalValues, randomBits, randomKey, uniformValues } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, firstDifference, randomNumbers, runKernel, SIZES, useBinary } from '../../../testing/binaries.js';

const key = randomKey(20_240_229);
const attributes = { keyLow: key.low, keyHigh: key.high };
const sizes = [...SIZES, 63, 64, 65, 70_000];

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  const draw = (name: string, counter: number, size: number, attrs: object): Float32Array =>
    tf.tidy(
      () => runKernel(name, { counter: tf.scalar(counter, 'int32') }, { ...attributes, shape: [size], ...attrs })[0]!,
    );

  it.each(sizes)('fills %i uniform numbers with the bits of the host', (size) => {
    for (const [counter, min, max] of [
      [0, 0, 1],
      [7, -0.05, 0.05],
      [2 ** 31 - 1, 3, 3.000001],
      [5, 0, 1e-3],
      [9, 1e10, 1e10 + 7],
      [3, 2, 2],
    ] as const) {
      const got = draw('GradstreamUniform', counter, size, { min, max });
      expect(firstDifference(got, uniformValues(key, counter, size, min, max))).toBeUndefined();
    }
  });

  it('fills any shape', () => {
    const filled = tf.tidy(() => {
      const x = tf
        .engine()
        .runKernel<tf.Tensor>(
          'GradstreamUniform',
          { counter: tf.scalar(1, 'int32') },
          { ...attributes, shape: [2, 3, 5], min: 0, max: 1 },
        );
      return { shape: x.shape, values: x.dataSync() };
    });
    expect(filled).toEqual({ shape: [2, 3, 5], values: uniformValues(key, 1, 30) });
  });

  it.each(sizes)('fills %i normal numbers within 3 ulp of the host', (size) => {
    for (const counter of [0, 1, 12_345]) {
      const got = draw('GradstreamNormal', counter, size, { mean: 0, deviation: 1 });
      const expected = normalValues(key, counter, size);
      for (const [index, value] of got.entries()) {
        // What is 1e-16 on the host, a sine of a half turn, is 0 here.
        const unit = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(expected[index]!), 1e-8))) - 23);
        if (!(Math.abs(value - expected[index]!) <= 3 * unit)) expect([index, value]).toEqual([index, expected[index]]);
      }
    }
  });

  it('fills normal numbers of any mean and deviation', () => {
    const got = draw('GradstreamNormal', 3, 1000, { mean: -2.5, deviation: 0.125 });
    const expected = normalValues(key, 3, 1000, -2.5, 0.125);
    for (const [index, value] of got.entries()) expect(Math.abs(value - expected[index]!)).toBeLessThan(5e-7);
    expect(draw('GradstreamNormal', 3, 5, { mean: 2, deviation: 0 })).toEqual(new Float32Array(5).fill(2));
  });

  it.each(sizes)('drops out %i elements by the bits of the host', (size) => {
    const x = randomNumbers(size);
    x.set([Infinity, NaN, -0, 1e-42, -3].slice(0, size));
    for (const [counter, rate] of [
      [0, 0.5],
      [3, 0.2],
      [4, 1e-9],
      [5, 0.999],
    ] as const) {
      const got = tf.tidy(
        () =>
          runKernel(
            'GradstreamDropout',
            { x: tf.tensor1d(x), counter: tf.scalar(counter, 'int32') },
            { ...attributes, rate },
          )[0]!,
      );
      const bits = randomBits(key, counter, size);
      const scale = Math.fround(1 / (1 - rate));
      const expected = x.map((value, index) => value * (bits[index]! >>> 8 >= Math.fround(rate) * 2 ** 24 ? scale : 0));
      expect(firstDifference(got, expected)).toBeUndefined();
    }
  });

  it('refuses a rate of 1, and a counter of another type', () => {
    tf.tidy(() => {
      const [x, counter] = [tf.ones([4]), tf.scalar(1, 'int32')];
      expect(() => runKernel('GradstreamDropout', { x, counter }, { ...attributes, rate: 1 })).toThrow(
        'GS_BACKEND_KERNEL',
      );
      expect(() => runKernel('GradstreamDropout', { x, counter: tf.scalar(1) }, { ...attributes, rate: 0.5 })).toThrow(
        'GradstreamDropout',
      );
      expect(() =>
        runKernel('GradstreamUniform', { counter: x }, { ...attributes, shape: [2], min: 0, max: 1 }),
      ).toThrow('GradstreamUniform');
    });
  });
});
