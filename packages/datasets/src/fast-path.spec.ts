import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromArrays } from './from-arrays.js';
import { fromGenerator } from './from-generator.js';
import type { Dataset } from './dataset.js';
import type { LabelledExample } from './example.js';
import { rescale } from './maps/rescale.js';

/** Rows that can be told apart, in memory. */
function inMemory(rows: number): Dataset<LabelledExample> {
  const x = Uint8Array.from({ length: rows * 3 }, (_, index) => index);
  const y = Int32Array.from({ length: rows }, (_, index) => index);
  return fromArrays<LabelledExample>({
    x: { dtype: 'uint8', shape: [rows, 3], values: x },
    y: { dtype: 'int32', shape: [rows], values: y },
  });
}

/** The same rows as a stream of examples, which knows nothing of rows. */
function streamed(rows: number): Dataset<LabelledExample> {
  return fromGenerator<LabelledExample>(
    async function* () {
      for (let row = 0; row < rows; row++) {
        yield {
          x: { dtype: 'uint8', shape: [3], values: Uint8Array.of(row * 3, row * 3 + 1, row * 3 + 2) },
          y: { dtype: 'int32', shape: [], values: Int32Array.of(row) },
        };
      }
    },
    { size: rows },
  );
}

type Chain = (data: Dataset<LabelledExample>) => Dataset<LabelledExample>;

const count = fc.integer({ min: 0, max: 30 });
const link: fc.Arbitrary<{ name: string; apply: Chain }> = fc.oneof(
  fc
    .record({ window: fc.integer({ min: 1, max: 40 }), seed: fc.nat(5), reshuffleEachIteration: fc.boolean() })
    .map(({ window, ...options }) => ({
      name: `shuffle(${window}, ${JSON.stringify(options)})`,
      apply: (data: Dataset<LabelledExample>) => data.shuffle(window, options),
    })),
  count.map((n) => ({ name: `take(${n})`, apply: (data: Dataset<LabelledExample>) => data.take(n) })),
  count.map((n) => ({ name: `skip(${n})`, apply: (data: Dataset<LabelledExample>) => data.skip(n) })),
  fc
    .integer({ min: 0, max: 3 })
    .map((n) => ({ name: `repeat(${n})`, apply: (data: Dataset<LabelledExample>) => data.repeat(n) })),
  fc.constant({ name: 'repeat().take(50)', apply: (data: Dataset<LabelledExample>) => data.repeat().take(50) }),
  fc.constant({
    name: 'rescale',
    apply: (data: Dataset<LabelledExample>) => data.map<LabelledExample>(rescale(0.5, 1)),
  }),
  fc.constant({ name: 'prefetch(2)', apply: (data: Dataset<LabelledExample>) => data.prefetch(2) }),
);

describe('the fast path', () => {
  it('gives what the stream gives, for any chain of operators, batch size and epoch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 25 }),
        fc.array(link, { maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.nat(3),
        async (rows, links, size, dropRemainder, epoch) => {
          const chain: Chain = (data) =>
            links.reduce((result, { apply }) => apply(result), data).batch(size, { dropRemainder });
          const [fast, slow] = [chain(inMemory(rows)), chain(streamed(rows))];
          expect(fast.size).toEqual(slow.size);
          const batches = await fast.toArray(epoch);
          expect(batches).toEqual(await slow.toArray(epoch));
          expect(batches.length).toBe(fast.size);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same examples as the stream without batches', async () => {
    const chain: Chain = (data) => data.shuffle(7, { seed: 3 }).skip(2).repeat(2);
    expect(await chain(inMemory(20)).toArray(1)).toEqual(await chain(streamed(20)).toArray(1));
  });

  it('is the path of shuffled batches of rows in memory: no example is made one by one', async () => {
    const data = inMemory(100).shuffle(100).map<LabelledExample>(rescale(1)).take(90).repeat(2);
    expect(data.rows).toBeDefined();
    const watched = { ...data.rows!, example: () => expect.unreachable('an example was made') };
    const batches = await data
      .apply((source) => ({ ...source, rows: watched }))
      .batch(32)
      .toArray();
    expect(batches.map(({ y }) => y.shape[0])).toEqual([32, 32, 32, 32, 32, 20]);
  });

  it('crosses the chunks that row numbers come in', async () => {
    const rows = 10_000;
    const y = {
      dtype: 'int32' as const,
      shape: [rows],
      values: Int32Array.from({ length: rows }, (_, index) => index),
    };
    const labels = async (data: Dataset<LabelledExample>): Promise<number[]> =>
      (await data.toArray()).flatMap((batch) => Array.from(batch.y.values));
    const data = fromArrays<LabelledExample>({ x: y, y });
    expect(await labels(data.batch(4097))).toEqual(Array.from(y.values));
    const shuffled = await labels(data.shuffle(5000).batch(33));
    expect(shuffled).not.toEqual(Array.from(y.values));
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(Array.from(y.values));
  });
});
