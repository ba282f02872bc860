import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { clipByGlobalNorm, clipByNorm, clipByValue, type GradientTransformation } from './index.js';

function clipped(transformation: GradientTransformation, ...gradients: number[][]): number[][] {
  return tf.tidy(() => {
    const tensors = Object.fromEntries(gradients.map((values, index) => [String(index), tf.tensor1d(values)]));
    return Object.values(transformation.update(tensors, transformation.init(tensors), tensors).updates).map((update) =>
      Array.from(update.dataSync()),
    );
  });
}

describe.each(['cpu', 'wasm'])('clipping on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it('clips values and leaves NaN', () => {
    expect(clipped(clipByValue(1), [0.5, -3, Infinity, NaN, 2])).toEqual([[0.5, -1, 1, NaN, 1]]);
  });

  it('clips each norm', () => {
    const [long, short, zero] = clipped(clipByNorm(1), [3, 4], [0.3, 0.4], [0, 0]);
    expectAllClose(
      [long!, short!, zero!],
      [
        [0.6, 0.8],
        [0.3, 0.4],
        [0, 0],
      ],
    );
    expect(clipped(clipByNorm(1), [NaN, 4], [3, 4])[0]).toEqual([NaN, NaN]);
    expectAllClose(clipped(clipByNorm(1), [NaN, 4], [3, 4])[1]!, [0.6, 0.8]);
  });

  it('clips the norm of all', () => {
    expectAllClose(clipped(clipByGlobalNorm(1), [3, 0], [0, 4]), [
      [0.6, 0],
      [0, 0.8],
    ]);
    expectAllClose(clipped(clipByGlobalNorm(10), [3, 0], [0, 4]), [
      [3, 0],
      [0, 4],
    ]);
    expect(clipped(clipByGlobalNorm(1), [0, 0])).toEqual([[0, 0]]);
    expect(clipped(clipByGlobalNorm(1))).toEqual([]);
  });

  it('makes everything NaN when the norm of all is not finite', () => {
    for (const value of [NaN, Infinity, -Infinity, 3e38])
      expect(clipped(clipByGlobalNorm(1), [value, 1], [2])).toEqual([[NaN, NaN], [NaN]]);
  });
});

it.each([clipByNorm, clipByGlobalNorm, clipByValue])('%o refuses a limit that is not above 0', (clip) => {
  for (const limit of [0, -1, NaN, Infinity, '1' as never, undefined as never]) {
    expect(() => clip(limit)).toThrow(expect.objectContaining({ code: 'GS_OPTION_VALUE' }));
  }
});
