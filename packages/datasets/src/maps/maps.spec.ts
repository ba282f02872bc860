import { describe, expect, it } from 'vitest';
import type { HostArray } from '@gradstream/core';
import { fromArrays } from '../from-arrays.js';
import { oneHot } from './one-hot.js';
import { rescale } from './rescale.js';
import { rowwise } from './rowwise.js';

const bytes: HostArray<'uint8'> = {
  dtype: 'uint8',
  shape: [256],
  values: Uint8Array.from({ length: 256 }, (_, index) => index),
};

describe('rescale', () => {
  it('brings pixels to [0, 1] exactly as a division does in float32', () => {
    const { x } = rescale(1 / 255)({ x: bytes });
    expect(x).toEqual({
      dtype: 'float32',
      shape: [256],
      values: Float32Array.from(bytes.values, (value) => value / 255),
    });
  });

  it('adds the offset, takes any length and records of inputs, and leaves targets alone', () => {
    const y: HostArray<'int32'> = { dtype: 'int32', shape: [1], values: Int32Array.of(3) };
    const wide: HostArray<'int32'> = { dtype: 'int32', shape: [3], values: Int32Array.of(1, 2, 3) };
    const result = rescale(2, -1)({ x: { wide }, y });
    expect(result.x.wide).toEqual({ dtype: 'float32', shape: [3], values: Float32Array.of(1, 3, 5) });
    expect(result.y).toBe(y);
  });
});

describe('oneHot', () => {
  it('writes labels as rows of classes, for one example and for a batch', async () => {
    const data = fromArrays({
      x: bytes,
      y: { dtype: 'int32', shape: [256], values: new Int32Array(256).fill(2) } as HostArray,
    }).map(oneHot(3));
    expect((await data.take(1).toArray())[0]?.y).toEqual({
      dtype: 'float32',
      shape: [3],
      values: Float32Array.of(0, 0, 1),
    });
    expect((await data.batch(2).take(1).toArray())[0]?.y).toEqual({
      dtype: 'float32',
      shape: [2, 3],
      values: Float32Array.of(0, 0, 1, 0, 0, 1),
    });
  });
});

describe('rowwise', () => {
  it("lets a function of one's own run on whole batches, and leaves the function as it was", async () => {
    let calls = 0;
    const count = (example: { x: HostArray }): { x: HostArray } => {
      calls++;
      return example;
    };
    await fromArrays({ x: bytes as HostArray })
      .map(rowwise(count))
      .batch(64)
      .toArray();
    expect(calls).toBe(4);
    await fromArrays({ x: bytes as HostArray })
      .map(count)
      .batch(64)
      .toArray();
    expect(calls).toBe(4 + 256);
  });
});
