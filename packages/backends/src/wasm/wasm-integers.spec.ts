import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../use-backend.js';

const values = [0, 5, -5, 2_147_483_647, -2_147_483_648, 16_777_217, -123_456_789, 1_000_000_007];
const ints = (numbers: readonly number[], shape: number[] = [numbers.length]): tf.Tensor =>
  tf.tensor([...numbers], shape, 'int32');
const numbersOf = (make: () => tf.Tensor): number[] => tf.tidy(() => Array.from(make().dataSync()));

describe('whole numbers on wasm', () => {
  beforeAll(async () => {
    expect((await useBackend({ backend: 'wasm' })).name).toBe('wasm');
  });

  it('are negated to the last digit', () => {
    expect(numbersOf(() => tf.neg(ints(values)))).toEqual(values.map((value) => (value === 0 ? 0 : -value | 0)));
    expect(numbersOf(() => tf.neg(tf.tensor1d([1.5, -2])))).toEqual([-1.5, 2]);
  });

  it('are clipped', () => {
    const expected = values.map((value) => Math.min(Math.max(value, -7), 20_000_001));
    expect(numbersOf(() => tf.clipByValue(ints(values), -7, 20_000_001))).toEqual(expected);
    expect(numbersOf(() => tf.clipByValue(tf.tensor1d([1.5, -2]), -1, 1))).toEqual([1, -1]);
  });

  it('are divided to the last digit, also where one operand is spread', () => {
    for (const by of [10, -3])
      expect(numbersOf(() => tf.floorDiv(ints(values), ints([by], [])))).toEqual(
        values.map((value) => Math.floor(value / by) + 0),
      );
    const pairs = numbersOf(() => tf.floorDiv(ints(values, [2, 1, 4]), ints([7, 1000, -9], [3, 1])));
    const expected = [0, 1].flatMap((block) =>
      [7, 1000, -9].flatMap((by) => values.slice(4 * block, 4 * block + 4).map((value) => Math.floor(value / by) + 0)),
    );
    expect(pairs.map((value) => value + 0)).toEqual(expected);
    expect(numbersOf(() => tf.floorDiv(tf.tensor1d([7.5, -7]), tf.tensor1d([2, 2])))).toEqual([3, -4]);
  });

  it('leave nothing behind', () => {
    const before = tf.memory().numTensors;
    numbersOf(() => tf.floorDiv(tf.neg(ints(values)), tf.clipByValue(ints(values), 1, 3)));
    expect(tf.memory().numTensors).toBe(before);
  });
});
