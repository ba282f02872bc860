import { fromArrays, type Example } from '@gradstream/datasets';
import { describe, expect, it } from 'vitest';
import { BatchCursor, type BatchSource } from './batch-source.js';

const count = 10;
const data = fromArrays({
  x: { dtype: 'int32', shape: [count], values: Int32Array.from({ length: count }, (_, i) => i) },
}).shuffle(4, { seed: 2 });
const whole = data.batch(3) as BatchSource;
/** The same without a way to a position, and without epochs. */
const iterated: BatchSource = {
  size: null,
  iterate: (epoch) => whole.iterate!(epoch),
  [Symbol.asyncIterator]: () => whole.iterate!(0),
};
const plain: BatchSource = { [Symbol.asyncIterator]: () => whole.iterate!(0) };

const numbers = (batch: Example | undefined): number[] | undefined =>
  batch === undefined ? undefined : [...(batch.x as { values: Int32Array }).values];

describe('BatchCursor', () => {
  it.each([
    ['a dataset', whole],
    ['a source with epochs', iterated],
    ['an iterable', plain],
  ])('goes on from any position of %s', async (_, source) => {
    const cursor = new BatchCursor(source);
    const taken: { position: { pass: number; batch: number }; batch: number[] | undefined }[] = [];
    for (let index = 0; index < 13; index++) {
      const { position } = cursor;
      taken.push({ position, batch: numbers(await cursor.next()) });
    }
    await cursor.close();
    expect(taken[4]).toEqual({ position: { pass: 0, batch: 4 }, batch: undefined });
    expect(taken[5]!.position).toEqual({ pass: 1, batch: 0 });
    for (const [index, { position }] of taken.entries()) {
      const again = new BatchCursor(source, position.pass, position.batch);
      for (const { batch } of taken.slice(index)) expect(numbers(await again.next())).toEqual(batch);
      await again.close();
    }
  });

  it('ends where the data ends before the position', async () => {
    const cursor = new BatchCursor(plain, 0, 7);
    expect(await cursor.next()).toBeUndefined();
    expect(cursor.position).toEqual({ pass: 1, batch: 0 });
  });
});
