import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WasmSimdBackend } from '../../index.js';
import { binaries, randomNumbers, useBinary } from '../../../testing/binaries.js';

describe.each(binaries)('$variant', (binary) => {
  let backend: WasmSimdBackend;
  beforeAll(async () => {
    backend = await useBinary(binary);
    backend.resetFallbacks();
  });

  it.each([
    [1, 1],
    [2, 1],
    [7, 3],
    [7, 7],
    [100, 5],
    [100, 99],
  ])('finds among %i values the %i largest, of equal ones the first', (n, k) => {
    for (const dtype of ['float32', 'int32'] as const) {
      // Many are equal.
      const x = randomNumbers(4 * n, n).map((value) => Math.round(value * 6) + 0);
      const { values, indices } = tf.topk(tf.tensor2d(x, [4, n], dtype), k);
      expect([values.dtype, indices.dtype, values.shape]).toEqual([dtype, 'int32', [4, k]]);
      for (let row = 0; row < 4; row++) {
        const line = [...x.subarray(row * n, (row + 1) * n)];
        const order = line.map((_, place) => place).sort((a, b) => line[b]! - line[a]! || a - b);
        expect([...indices.dataSync()].slice(row * k, (row + 1) * k)).toEqual(order.slice(0, k));
        expect([...values.dataSync()].slice(row * k, (row + 1) * k)).toEqual(order.slice(0, k).map((at) => line[at]!));
      }
      tf.dispose([values, indices]);
    }
    expect(backend.fallbacks()).toEqual({});
  });

  it('puts infinities at the ends and NaN behind them', () => {
    const { values, indices } = tf.topk(tf.tensor1d([NaN, 1, -Infinity, Infinity, NaN, 2]), 6);
    expect([...values.dataSync()]).toEqual([Infinity, 2, 1, -Infinity, NaN, NaN]);
    expect([...indices.dataSync()]).toEqual([3, 5, 1, 2, 0, 4]);
  });
});
