import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, randomNumbers, runKernel, SIZES, useBinary } from '../../../testing/binaries.js';

function reference(x: Float32Array): number[] {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const square = x.reduce((sum, value) => sum + value * value, 0);
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const zeros = x.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
  return [n, Math.sqrt(square), mean, Math.sqrt(variance), Math.min(...x), Math.max(...x), zeros / n];
}

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  const statistics = (x: Float32Array): Float32Array =>
    tf.tidy(() => runKernel('GradstreamStatistics', { x: tf.tensor1d(x) })[0]!);

  it.each([...SIZES.slice(1), 16_384, 100_000])('are right for %i numbers', (size) => {
    const x = randomNumbers(size, 7);
    for (let index = 2; index < size; index += 5) x[index] = index % 2 === 0 ? 0 : -0;
    for (const values of [x, x.map((value) => 1e4 + value), x.map((value) => value * 1e25)]) {
      const expected = reference(Float32Array.from(values));
      for (const [index, value] of statistics(Float32Array.from(values)).entries()) {
        const allowed = 2e-7 * Math.max(Math.abs(expected[index]!), index === 2 ? expected[3]! : 0);
        if (!(Math.abs(value - expected[index]!) <= allowed)) expect([index, value]).toEqual([index, expected[index]]);
      }
    }
  });

  it('of nothing are NaN but the size', () => {
    expect([...statistics(new Float32Array(0))]).toEqual([0, NaN, NaN, NaN, NaN, NaN, NaN]);
  });

  it.each([0, 3, 6])('show NaN and infinity at place %i', (place) => {
    const x = new Float32Array([1, 2, 0, 4, 5, 6, 7]);
    x[place] = NaN;
    expect([...statistics(x)]).toEqual([7, NaN, NaN, NaN, NaN, NaN, expect.closeTo(place === 2 ? 0 : 1 / 7, 6)]);
    x[place] = -Infinity;
    expect([...statistics(x)]).toEqual([
      7,
      Infinity,
      -Infinity,
      NaN,
      -Infinity,
      place === 6 ? 6 : 7,
      expect.closeTo(1 / 7, 6),
    ]);
  });

  it('refuse other types', () => {
    tf.tidy(() => {
      expect(() => runKernel('GradstreamStatistics', { x: tf.ones([2], 'int32') })).toThrow('int32');
    });
  });
});
