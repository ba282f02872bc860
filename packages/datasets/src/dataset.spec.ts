import { describe, expect, it } from 'vitest';
import { dataset } from './dataset.js';
import { fromGenerator } from './from-generator.js';
import { batch, map, shuffle, take } from './operators/index.js';

/** Numbers that carry their epoch: 10 * epoch + position. */
const numbers = (length = 4) =>
  fromGenerator<number>(
    async function* (epoch) {
      for (let i = 0; i < length; i++) yield epoch * 10 + i;
    },
    { size: length },
  );

describe('Dataset', () => {
  it('can be gone through again and again, by epoch', async () => {
    const data = numbers();
    const seen: number[] = [];
    for await (const value of data) seen.push(value);
    for await (const value of data.iterate(2)) seen.push(value);
    expect(seen).toEqual([0, 1, 2, 3, 20, 21, 22, 23]);
    expect(await data.toArray()).toEqual([0, 1, 2, 3]);
    expect(await data.toArray(1)).toEqual([10, 11, 12, 13]);
  });

  it('applies operators as plain values, with sizes', async () => {
    const data = numbers(6)
      .apply(shuffle(6, { seed: 1 }))
      .apply(take(3))
      .apply(map(String));
    expect(data.size).toBe(3);
    expect(await data.toArray()).toEqual((await numbers(6).shuffle(6, { seed: 1 }).take(3).toArray()).map(String));
    expect(numbers(7).apply(batch(2)).size).toBe(4);
  });

  it('starts nothing before an element is asked for', async () => {
    let opened = 0;
    const data = fromGenerator(async function* () {
      opened++;
      yield 1;
    });
    const chained = data
      .map((value) => value + 1)
      .shuffle(2)
      .prefetch(2)
      .take(1);
    const iterator = chained.iterate(0);
    expect(opened).toBe(0);
    await iterator.return?.();
    expect(opened).toBe(0);
    expect(await chained.toArray()).toEqual([2]);
    expect(opened).toBe(1);
  });

  it('makes an iterator that is only an iterator fit for `for await`, and closes it', async () => {
    let closed = 0;
    const endless = dataset<number>({
      size: Infinity,
      iterate: () => ({
        next: async () => ({ done: false, value: 7 }),
        return: async () => {
          closed++;
          return { done: true, value: undefined };
        },
      }),
    });
    expect(await endless.take(2).toArray()).toEqual([7, 7]);
    for await (const value of endless) if (value === 7) break;
    expect(closed).toBe(2);
  });

  it('runs the finally block of a source when its consumer leaves early, whatever lies between', async () => {
    const log: string[] = [];
    const data = fromGenerator(async function* () {
      try {
        for (let i = 0; ; i++) yield { dtype: 'int32' as const, shape: [], values: Int32Array.of(i) };
      } finally {
        log.push('closed');
      }
    });
    const chained = data
      .filter(() => true)
      .map(async (value) => value)
      .shuffle(4)
      .skip(1)
      .repeat(2)
      .batch(2)
      .prefetch(3)
      .pipe(async function* (source) {
        for await (const value of source) yield value;
      });
    for await (const value of chained) {
      expect(value.shape).toEqual([2]);
      break;
    }
    expect(log).toEqual(['closed']);
  });

  it('gives an error of the source once, in its place, and is over then', async () => {
    const broken = fromGenerator(async function* () {
      yield 1;
      yield 2;
      throw new Error('the disk is gone');
    });
    for (const data of [
      broken,
      broken.map((value) => value),
      broken.take(9),
      broken.repeat(),
      broken.prefetch(1),
      broken.prefetch(8),
    ]) {
      const iterator = data.iterate(0);
      expect(await iterator.next()).toEqual({ done: false, value: 1 });
      expect(await iterator.next()).toEqual({ done: false, value: 2 });
      await expect(iterator.next()).rejects.toThrow('the disk is gone');
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    }
  });
});
