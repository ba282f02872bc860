import { describe, expect, it } from 'vitest';
import { fromArrays } from '../from-arrays.js';
import { fromAsyncIterable } from '../from-async-iterable.js';
import { fromGenerator } from '../from-generator.js';

describe('repeat', () => {
  it('goes through the source so many times, each time an epoch of its own', async () => {
    const epochs = fromGenerator((epoch) => [epoch], { size: 1 });
    expect(await epochs.repeat(3).toArray(0)).toEqual([0, 1, 2]);
    expect(await epochs.repeat(3).toArray(1)).toEqual([3, 4, 5]);
    expect(await epochs.repeat(0).toArray()).toEqual([]);
    expect(await epochs.repeat().take(3).toArray(0)).toEqual([0, 1, 2]);
    expect(await epochs.repeat().take(1).toArray(2)).toEqual([2 * 2 ** 20]);
  });

  it('shuffles anew in each pass', async () => {
    const data = fromAsyncIterable(Array.from({ length: 20 }, (_, index) => index));
    const values = await data.shuffle(20).repeat(2).toArray();
    expect(values.slice(20)).not.toEqual(values.slice(0, 20));
  });

  it('has a size: endless where there is no count', () => {
    const data = fromAsyncIterable([1, 2, 3], { size: 3 });
    const unknown = fromAsyncIterable([1]);
    expect([data.repeat(2).size, data.repeat().size, data.repeat(0).size]).toEqual([6, Infinity, 0]);
    expect([unknown.repeat(2).size, unknown.repeat().size]).toEqual([null, Infinity]);
    expect([data.repeat().batch(2).size, data.repeat().take(5).size, data.repeat().skip(5).size]).toEqual([
      Infinity,
      5,
      Infinity,
    ]);
  });

  it('comes back from an endless repeat of nothing, also of rows', async () => {
    expect(await fromAsyncIterable([]).repeat().toArray()).toEqual([]);
    const none = { dtype: 'float32', shape: [0, 2], values: new Float32Array(0) } as const;
    expect(await fromArrays({ x: none }).repeat().batch(2).toArray()).toEqual([]);
    expect(await fromArrays({ x: none }).skip(3).repeat().batch(2).toArray()).toEqual([]);
  });
});
