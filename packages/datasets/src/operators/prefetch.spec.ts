import { describe, expect, it } from 'vitest';
import { fromArrays } from '../from-arrays.js';
import { fromGenerator } from '../from-generator.js';

const pause = (milliseconds = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('prefetch', () => {
  it('asks so many elements ahead and never more', async () => {
    let made = 0;
    const data = fromGenerator(async function* () {
      for (let i = 0; i < 20; i++) {
        made++;
        yield i;
      }
    }).prefetch(3);
    let taken = 0;
    for await (const value of data) {
      expect(value).toBe(taken++);
      await pause();
      expect(made - taken).toBe(Math.min(3, 20 - taken));
    }
    expect(taken).toBe(20);
  });

  it('lets the source work while its consumer does', async () => {
    let workingTogether = 0;
    let consuming = false;
    const data = fromGenerator(async function* () {
      for (let i = 0; i < 10; i++) {
        await pause(1);
        if (consuming) workingTogether++;
        yield i;
      }
    });
    const consume = async (source: AsyncIterable<number>): Promise<number> => {
      workingTogether = 0;
      for await (const _ of source) {
        consuming = true;
        await pause(5);
        consuming = false;
      }
      return workingTogether;
    };
    expect(await consume(data)).toBe(0);
    expect(await consume(data.prefetch(2))).toBeGreaterThan(5);
  });

  it('keeps the order of calls that wait at the same time', async () => {
    const iterator = fromGenerator(async function* () {
      for (const value of [1, 2, 3]) {
        await pause(1);
        yield value;
      }
    })
      .prefetch(2)
      .iterate(0);
    const answers = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
    expect(answers.map(({ value }) => value as unknown)).toEqual([1, 2, 3, undefined]);
  });

  it('wakes a consumer that waits when another one closes the stream', async () => {
    let release = (): void => {};
    const iterator = fromGenerator(async function* () {
      yield 1;
      await new Promise<void>((resolve) => (release = resolve));
      yield 2;
    })
      .prefetch(1)
      .iterate(0);
    await iterator.next();
    const waiting = iterator.next();
    await pause();
    const closing = iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    release();
    await closing;
    // The 2 that was under way when the stream was closed is not given to anyone.
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('gives the error of a source that cannot even be opened', async () => {
    const data = fromGenerator<number>(() => {
      throw new Error('no such stream');
    }).prefetch(2);
    await expect(data.toArray()).rejects.toThrow('no such stream');
    const rude = data.apply(() => ({
      size: null,
      iterate: () => {
        throw new Error('not now');
      },
    }));
    await expect(rude.prefetch(2).toArray()).rejects.toThrow('not now');
  });

  it('keeps rows in memory within reach of batch', () => {
    const x = { dtype: 'float32', shape: [2], values: Float32Array.of(1, 2) } as const;
    expect(fromArrays({ x }).prefetch(2).rows).toBeDefined();
  });
});
