import { foldIn, randomKey } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { distributions } from '../fixtures/distributions.js';
import type { Initializer } from './index.js';
import { randomNormal, randomUniform, truncatedNormal } from './index.js';

const key = randomKey(42);

const numbersOf = (initialize: Initializer, shape: readonly number[], from = key): Float32Array => {
  const value = initialize(shape, from);
  const numbers = value.dataSync<'float32'>();
  value.dispose();
  return numbers;
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const SIZE = 40_000;

/** The largest distance between the distribution of some numbers and the one they should have. */
function distance(numbers: Float32Array, below: (x: number) => number): number {
  const sorted = Float32Array.from(numbers).sort();
  let largest = 0;
  sorted.forEach((x, i) => {
    const expected = below(x);
    largest = Math.max(largest, Math.abs(expected - i / sorted.length), Math.abs(expected - (i + 1) / sorted.length));
  });
  return largest;
}

const moments = (numbers: Float32Array): { mean: number; deviation: number; min: number; max: number } => {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  return {
    mean,
    deviation: Math.sqrt(variance),
    min: numbers.reduce((a, b) => Math.min(a, b)),
    max: numbers.reduce((a, b) => Math.max(a, b)),
  };
};

describe('the random numbers are spread as they should be', () => {
  it.each(distributions)('$name', ({ initialize, below, mean, deviation, reach }) => {
    for (const from of [key, randomKey(7), foldIn(key, 'dense/kernel')]) {
      const numbers = numbersOf(initialize, [200, 200], from);
      const found = moments(numbers);
      // Four standard errors of the mean and of the deviation (at most 1/sqrt(2n) of it for these distributions).
      expect(Math.abs(found.mean - mean)).toBeLessThan((4 * deviation) / Math.sqrt(SIZE));
      expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * SIZE));
      expect(found.max).toBeLessThanOrEqual((mean + reach) * (1 + 1e-6));
      expect(found.min).toBeGreaterThanOrEqual(mean - reach - 1e-6 * reach);
      expect(found.max - found.min).toBeGreaterThan(reach);
      // Kolmogorov and Smirnov: a distance of 1.95 / sqrt(n) is passed once in a thousand tries.
      expect(distance(numbers, below)).toBeLessThan(1.95 / Math.sqrt(SIZE));
    }
  });

  it('truncatedNormal and the uniform ones stay inside their bounds and come near them', () => {
    const normal = moments(numbersOf(truncatedNormal({ stddev: 1 }), [1000, 1000]));
    expect(normal.max).toBeLessThanOrEqual(2);
    expect(normal.min).toBeGreaterThanOrEqual(-2);
    expect(normal.max - normal.min).toBeGreaterThan(3.9999);
    const uniform = moments(numbersOf(randomUniform({ minval: -0.1, maxval: 0.1 }), [1000, 1000]));
    expect(uniform.max).toBeLessThanOrEqual(Math.fround(0.1));
    expect(uniform.min).toBeGreaterThanOrEqual(Math.fround(-0.1));
    expect(uniform.max - uniform.min).toBeGreaterThan(0.19999);
  });

  it('a deviation of 0 and equal bounds give one number', () => {
    expect([...numbersOf(randomNormal({ mean: 2, stddev: 0 }), [3])]).toEqual([2, 2, 2]);
    expect([...numbersOf(truncatedNormal({ mean: 2, stddev: 0 }), [2])]).toEqual([2, 2]);
    expect([...numbersOf(randomUniform({ minval: 1, maxval: 1 }), [2])]).toEqual([1, 1]);
  });
});
