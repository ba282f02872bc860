import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, randomNumbers, runKernel, SIZES, useBinary } from '../../../testing/binaries.js';

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  const globalNorm = (tensors: readonly Float32Array[], limit?: number, before?: number): number[] =>
    tf
      .tidy(() =>
        runKernel(
          'GradstreamGlobalNorm',
          {
            ...Object.fromEntries(tensors.map((values, index) => [`x${index}`, tf.tensor1d(values)])),
            before: before === undefined ? undefined : tf.scalar(before),
          },
          limit === undefined ? {} : { limit },
        ),
      )
      .map(([value]) => value!);

  it.each([...SIZES, 100_000])('is the norm of %i elements', (size) => {
    const x = randomNumbers(size, 3);
    const exact = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
    expect(globalNorm([x])).toEqual([Math.fround(exact), 1]);
  });

  it('is one norm of all tensors, and the factor that clips it', () => {
    expect(globalNorm([new Float32Array([3]), new Float32Array(0), new Float32Array([0, 4])], 2)).toEqual([
      5,
      Math.fround(0.4),
    ]);
    expect(globalNorm([new Float32Array([3, 4])], 10)).toEqual([5, 1]);
    expect(globalNorm([new Float32Array([3, 4])], 10, -4)).toEqual([20, -2]);
    expect(globalNorm([], 1)).toEqual([0, 1]);
  });

  it('is right where squares overflow, and makes the factor NaN where it is not finite', () => {
    const [norm, factor] = globalNorm([new Float32Array([3e30, 4e30])], 1);
    expect(norm! / 5e30).toBeCloseTo(1, 6);
    expect(factor! * 5e30).toBeCloseTo(1, 6);
    expect(globalNorm([new Float32Array([1, NaN])], 1)).toEqual([NaN, NaN]);
    expect(globalNorm([new Float32Array([1, -Infinity])], 1)).toEqual([Infinity, NaN]);
  });
});
