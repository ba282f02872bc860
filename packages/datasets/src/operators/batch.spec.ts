import { describe, expect, it } from 'vitest';
import type { HostArray } from '@gradstream/core';
import { fromArrays } from '../from-arrays.js';
import { fromAsyncIterable } from '../from-async-iterable.js';

const scalar = (value: number): HostArray<'float32'> => ({
  dtype: 'float32',
  shape: [],
  values: Float32Array.of(value),
});

describe('batch', () => {
  it('stacks examples with a new leading dimension; the last batch may be short', async () => {
    const data = fromAsyncIterable(
      [0, 1, 2, 3, 4].map((value) => ({ x: { left: scalar(value), right: scalar(-value) }, y: scalar(value) })),
    );
    const batches = await data.batch(2).toArray();
    expect(batches.map(({ y }) => y.shape)).toEqual([[2], [2], [1]]);
    expect(batches[1]).toEqual({
      x: {
        left: { dtype: 'float32', shape: [2], values: Float32Array.of(2, 3) },
        right: { dtype: 'float32', shape: [2], values: Float32Array.of(-2, -3) },
      },
      y: { dtype: 'float32', shape: [2], values: Float32Array.of(2, 3) },
    });
    expect(await data.batch(2, { dropRemainder: true }).toArray()).toHaveLength(2);
  });

  it('leaves out a field that is undefined', async () => {
    const data = fromAsyncIterable([{ x: scalar(1), y: undefined }, { x: scalar(2) }]);
    expect(await data.batch(2).toArray()).toEqual([
      { x: { dtype: 'float32', shape: [2], values: Float32Array.of(1, 2) } },
    ]);
  });

  it('gives arrays of its own: changing a batch changes neither the data nor another batch', async () => {
    const x: HostArray<'float32'> = { dtype: 'float32', shape: [4], values: Float32Array.of(1, 2, 3, 4) };
    for (const data of [fromArrays({ x }), fromArrays({ x }).shuffle(4), fromArrays({ x }).filter(() => true)]) {
      for await (const { x: batch } of data.batch(2)) batch.values.fill(99);
      for await (const { x: example } of data) example.values.fill(99);
    }
    expect(x.values).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it('stacks batches of batches', async () => {
    const x: HostArray<'uint8'> = {
      dtype: 'uint8',
      shape: [8],
      values: Uint8Array.from({ length: 8 }, (_, index) => index),
    };
    const [first] = await fromArrays({ x }).batch(2).batch(3).toArray();
    expect(first?.x).toEqual({ dtype: 'uint8', shape: [3, 2], values: Uint8Array.of(0, 1, 2, 3, 4, 5) });
  });
});
