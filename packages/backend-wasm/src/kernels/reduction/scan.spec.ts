import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WasmSimdBackend } from '../../index.js';
import { binaries, randomNumbers, useBinary, valuesOf } from '../../../testing/binaries.js';

describe.each(binaries)('$variant', (binary) => {
  let backend: WasmSimdBackend;
  beforeAll(async () => {
    backend = await useBinary(binary);
    backend.resetFallbacks();
  });

  const shapes: readonly [number[], number][] = [
    [[0], 0],
    [[1], 0],
    [[9], 0],
    [[3, 0, 2], 1],
    [[5, 7], 0],
    [[5, 7], 1],
    [[3, 6, 4], 1],
    [[2, 5, 9], 1],
    [[2, 9, 3], -1],
  ];
  const directions = [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const;

  it.each(shapes)('sums and multiplies %o up along axis %i', (shape, axis) => {
    const along = axis < 0 ? axis + shape.length : axis;
    const size = shape.reduce((product, count) => product * count, 1);
    const [n, inner] = [shape[along]!, shape.slice(along + 1).reduce((product, count) => product * count, 1)];
    for (const dtype of ['float32', 'int32'] as const) {
      const x = randomNumbers(size).map((value) => (dtype === 'int32' ? Math.round(value * 9) : value));
      for (const product of [false, true]) {
        for (const [exclusive, reverse] of directions) {
          const y = tf.tidy(() => {
            const given = tf.tensor(x, shape, dtype);
            return product ? tf.cumprod(given, axis, exclusive, reverse) : tf.cumsum(given, axis, exclusive, reverse);
          });
          expect([y.shape, y.dtype]).toEqual([shape, dtype]);
          const got = y.dataSync();
          for (let line = 0; line < (n === 0 ? 0 : size / n); line++) {
            let carried = product ? 1 : 0;
            for (let step = 0; step < n; step++) {
              const place = reverse ? n - 1 - step : step;
              const at = (Math.floor(line / inner) * n + place) * inner + (line % inner);
              const before = carried;
              carried = product ? carried * x[at]! : carried + x[at]!;
              const expected = exclusive ? before : carried;
              expect(Math.abs(got[at]! - (dtype === 'int32' ? expected | 0 : expected))).toBeLessThan(1e-6 * n);
            }
          }
          y.dispose();
        }
      }
    }
    expect(backend.fallbacks()).toEqual({});
  });

  it('sums a million values up without losing digits, and carries NaN on', () => {
    const y = valuesOf(() => tf.cumsum(tf.fill([1_000_000], 0.1)));
    expect(y[999_999]! / (1_000_000 * Math.fround(0.1))).toBeCloseTo(1, 6);
    expect([...tf.tidy(() => tf.cumsum(tf.tensor1d([1, NaN, 2, Infinity])).dataSync())]).toEqual([1, NaN, NaN, NaN]);
    expect([...tf.tidy(() => tf.cumsum(tf.tensor1d([1, Infinity, 2, 1e-45])).dataSync())]).toEqual([
      1,
      Infinity,
      Infinity,
      Infinity,
    ]);
  });
});
