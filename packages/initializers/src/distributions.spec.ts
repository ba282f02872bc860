import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { numbersOf } from '../fixtures/initializer-case.js';
import { moments, statistics } from '../fixtures/initializer-statistics.js';
import { randomNormal, randomUniform, truncatedNormal } from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the random numbers are spread as they should be', () => {
  it.each(statistics)('$type', ({ check }) => check());

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
