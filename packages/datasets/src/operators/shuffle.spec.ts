import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAsyncIterable } from '../from-async-iterable.js';

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe('shuffle', () => {
  it('gives the order it has always given for a seed', async () => {
    const data = fromAsyncIterable(range(10));
    expect(await data.shuffle(10, { seed: 42 }).toArray()).toEqual([8, 3, 6, 9, 7, 2, 0, 1, 4, 5]);
    expect(await data.shuffle(3, { seed: 42 }).toArray()).toEqual([2, 1, 4, 3, 5, 6, 0, 7, 9, 8]);
  });

  it('is a permutation that is a pure function of seed and epoch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(2 ** 40),
        fc.nat(100),
        async (length, window, seed, epoch) => {
          const data = fromAsyncIterable(range(length)).shuffle(window, { seed });
          const first = await data.toArray(epoch);
          expect(await data.toArray(epoch)).toEqual(first);
          expect(first.toSorted((a, b) => a - b)).toEqual(range(length));
        },
      ),
    );
  });

  it('lets no element come earlier than its window allows', async () => {
    for (const window of [1, 2, 5]) {
      const order = await fromAsyncIterable(range(50)).shuffle(window, { seed: 9 }).toArray();
      order.forEach((value, position) => expect(value).toBeLessThan(position + window));
    }
    expect(await fromAsyncIterable(range(50)).shuffle(1).toArray()).toEqual(range(50));
  });

  it('gives another order for another epoch and seed, and the same one without reshuffling', async () => {
    const data = fromAsyncIterable(range(30));
    const shuffled = data.shuffle(30, { seed: 1 });
    expect(await shuffled.toArray(1)).not.toEqual(await shuffled.toArray(0));
    expect(await data.shuffle(30, { seed: 2 }).toArray()).not.toEqual(await shuffled.toArray());
    const fixed = data.shuffle(30, { seed: 1, reshuffleEachIteration: false });
    expect(await fixed.toArray(5)).toEqual(await shuffled.toArray(0));
  });

  it('gives every order the same chance with a window as large as the data', async () => {
    const counts = new Map<string, number>();
    const trials = 6000;
    const data = fromAsyncIterable(range(4)).shuffle(4, { seed: 0 });
    for (let epoch = 0; epoch < trials; epoch++) {
      const order = (await data.toArray(epoch)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const expected = trials / 24;
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 23 degrees of freedom: above 49.7 once in a thousand times.
    expect(chiSquared).toBeLessThan(49.7);
  });

  it('asks the source for no more than its window before it gives an element', async () => {
    let asked = 0;
    const counting = fromAsyncIterable({
      async *[Symbol.asyncIterator]() {
        for (;;) yield asked++;
      },
    });
    expect(await counting.shuffle(5).take(1).toArray()).toHaveLength(1);
    expect(asked).toBe(5);
  });
});
