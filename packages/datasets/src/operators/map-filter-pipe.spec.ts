import { describe, expect, it } from 'vitest';
import { fromAsyncIterable } from '../from-async-iterable.js';
import { fromGenerator } from '../from-generator.js';

describe('map, filter and pipe', () => {
  const data = fromAsyncIterable([1, 2, 3, 4], { size: 4 });

  it('map changes elements in order, also asynchronously', async () => {
    const slowFirst = data.map(
      (value) => new Promise<number>((resolve) => setTimeout(() => resolve(value * 10), 5 - value)),
    );
    expect(await slowFirst.toArray()).toEqual([10, 20, 30, 40]);
    expect(slowFirst.size).toBe(4);
  });

  it('filter keeps what it is told, and knows no size', async () => {
    expect(await data.filter(async (value) => value % 2 === 0).toArray()).toEqual([2, 4]);
    expect(data.filter(() => true).size).toBe(null);
  });

  it("pipe runs a step of one's own in every epoch", async () => {
    const pairs = async function* (source: AsyncIterable<number>): AsyncGenerator<readonly [number, number]> {
      let previous: number | undefined;
      for await (const value of source) {
        if (previous !== undefined) yield [previous, value] as const;
        previous = value;
      }
    };
    const epochs = fromGenerator((epoch) => [epoch, epoch + 1, epoch + 2]).pipe(pairs);
    expect(await epochs.toArray(0)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(await epochs.toArray(5)).toEqual([
      [5, 6],
      [6, 7],
    ]);
    expect(epochs.size).toBe(null);
  });
});
