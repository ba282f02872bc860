import { describe, expect, it } from 'vitest';
import { fromArrays } from './from-arrays.js';
import { fromAsyncIterable } from './from-async-iterable.js';
import { fromGenerator } from './from-generator.js';

describe('fromArrays', () => {
  it('gives one example a row, of arrays and of records of arrays', async () => {
    const data = fromArrays({
      x: {
        wide: { dtype: 'float32', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
        deep: { dtype: 'bool', shape: [2], values: Uint8Array.of(0, 1) },
      },
      y: { dtype: 'int32', shape: [2, 1], values: Int32Array.of(7, 8) },
    });
    expect(data.size).toBe(2);
    expect((await data.toArray())[1]).toEqual({
      x: {
        wide: { dtype: 'float32', shape: [2], values: Float32Array.of(3, 4) },
        deep: { dtype: 'bool', shape: [], values: Uint8Array.of(1) },
      },
      y: { dtype: 'int32', shape: [1], values: Int32Array.of(8) },
    });
  });

  it('needs no targets', async () => {
    const x = { dtype: 'float32', shape: [1, 2], values: Float32Array.of(1, 2) } as const;
    expect(Object.keys((await fromArrays({ x }).toArray())[0]!)).toEqual(['x']);
  });
});

describe('fromGenerator', () => {
  it('opens the stream of each epoch', async () => {
    expect(await fromGenerator((epoch) => [epoch]).toArray(3)).toEqual([3]);
  });

  it('holds the stream to the size it was given', async () => {
    const short = fromGenerator(() => [1, 2], { size: 3 });
    const long = fromGenerator(() => [1, 2], { size: 1 });
    await expect(short.toArray()).rejects.toMatchObject({ code: 'GS_DATASET_LENGTH', received: '2' });
    await expect(long.toArray()).rejects.toMatchObject({ code: 'GS_DATASET_LENGTH' });
  });
});

describe('fromAsyncIterable', () => {
  it('goes through arrays and iterables again for every epoch', async () => {
    const data = fromAsyncIterable(new Set(['a', 'b']));
    expect(await data.repeat(2).toArray()).toEqual(['a', 'b', 'a', 'b']);
  });

  it('says so where a stream can be gone through once only', async () => {
    const generator = (async function* () {
      yield 1;
    })();
    for (const once of [generator, [1].values(), new Blob(['x']).stream()]) {
      const data = fromAsyncIterable<unknown>(once as AsyncIterable<unknown>);
      expect(await data.toArray()).toHaveLength(1);
      await expect(data.toArray(1)).rejects.toMatchObject({ code: 'GS_DATASET_EXHAUSTED' });
    }
  });
});
