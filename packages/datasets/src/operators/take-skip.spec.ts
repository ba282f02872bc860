import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAsyncIterable } from '../from-async-iterable.js';

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe('take and skip', () => {
  it('part the data in two', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.nat(25), async (length, count) => {
        const data = fromAsyncIterable(range(length), { size: length });
        const [head, tail] = [data.take(count), data.skip(count)];
        expect([...(await head.toArray()), ...(await tail.toArray())]).toEqual(range(length));
        expect([head.size, tail.size]).toEqual([Math.min(count, length), Math.max(0, length - count)]);
      }),
    );
  });

  it('take asks for nothing beyond its last element, and opens nothing for none', async () => {
    const log: unknown[] = [];
    const source = {
      async *[Symbol.asyncIterator]() {
        log.push('opened');
        try {
          for (let i = 0; ; i++) {
            log.push(i);
            yield i;
          }
        } finally {
          log.push('closed');
        }
      },
    };
    expect(await fromAsyncIterable(source).take(2).toArray()).toEqual([0, 1]);
    expect(log).toEqual(['opened', 0, 1, 'closed']);
    log.length = 0;
    expect(await fromAsyncIterable(source).take(0).toArray()).toEqual([]);
    expect(log).toEqual([]);
  });

  it('know no size where the source knows none', () => {
    const data = fromAsyncIterable(range(3));
    expect([data.size, data.take(2).size, data.skip(1).size]).toEqual([null, null, null]);
  });
});
