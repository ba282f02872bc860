import { uniformValues, type HostArray } from '@gradstream/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataset, type Dataset } from './dataset.js';
import type { LabelledExample } from './example.js';
import { fromArrays } from './from-arrays.js';
import { fromGenerator } from './from-generator.js';
import { rowwise } from './maps/rowwise.js';

type Numbers = Dataset<LabelledExample>;

const rows = (count: number): LabelledExample => ({
  x: { dtype: 'float32', shape: [count, 1], values: Float32Array.from({ length: count }, (_, i) => i) },
  y: { dtype: 'int32', shape: [count], values: Int32Array.from({ length: count }, (_, i) => i) },
});
const inMemory = (count: number): Numbers => fromArrays(rows(count));
/** The same examples as a stream that knows nothing of rows. */
const streamed = (count: number): Numbers =>
  fromGenerator(async function* () {
    yield* inMemory(count);
  });
const sized = (count: number): Numbers =>
  fromGenerator(
    async function* () {
      yield* inMemory(count);
    },
    { size: count },
  );
/** A source that has no way to a position. */
const plain = (count: number): Numbers => dataset({ size: count, iterate: (epoch) => inMemory(count).iterate(epoch) });

const double = (array: HostArray): HostArray => ({
  dtype: 'float32',
  shape: array.shape,
  values: Float32Array.from(array.values, (value) => value * 2),
});
const doubled = ({ x, y }: LabelledExample): LabelledExample => ({ x: double(x), y });

const step = fc.oneof(
  fc
    .integer({ min: 1, max: 30 })
    .chain((size) => fc.nat(9).map((seed) => (data: Numbers) => data.shuffle(size, { seed }))),
  fc.integer({ min: 0, max: 25 }).map((count) => (data: Numbers) => data.take(count)),
  fc.integer({ min: 0, max: 12 }).map((count) => (data: Numbers) => data.skip(count)),
  fc.integer({ min: 0, max: 3 }).map((count) => (data: Numbers) => data.repeat(count)),
  fc.integer({ min: 1, max: 4 }).map((count) => (data: Numbers) => data.prefetch(count)),
  fc.constant((data: Numbers) => data.map(doubled)),
  fc.constant((data: Numbers) => data.map(rowwise(doubled))),
  fc.constant((data: Numbers) => data.filter(({ y }) => y.values[0]! % 3 !== 0)),
  fc.constant((data: Numbers) =>
    data.pipe(async function* (source) {
      for await (const element of source) yield element;
    }),
  ),
  fc.nat(9).map(
    (seed) => (data: Numbers) =>
      data.randomMap(({ x, y }, key) => ({ x: { ...x, values: uniformValues(key, 0, 1) } as HostArray, y }), {
        seed,
      }),
  ),
);
const batches = fc.option(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.boolean()), { nil: undefined });

describe('a position in a dataset', () => {
  it('gives exactly what would have come, for every chain of operators', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(inMemory, streamed, sized, plain),
        fc.nat(20),
        fc.array(step, { maxLength: 4 }),
        batches,
        fc.nat(3),
        async (source, count, steps, batch, epoch) => {
          let data = steps.reduce((current, next) => next(current), source(count));
          if (batch !== undefined) data = data.batch(batch[0], { dropRemainder: batch[1] }).prefetch(2);
          const whole = await data.toArray(epoch);
          for (const index of new Set([0, 1, 2, Math.floor(whole.length / 2), whole.length, whole.length + 3])) {
            const position = JSON.parse(JSON.stringify({ epoch, index })) as { epoch: number; index: number };
            const rest: LabelledExample[] = [];
            for await (const element of data.iterateFrom(position)) rest.push(element);
            expect(rest).toEqual(whole.slice(index));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is reached in data without end', async () => {
    const data = inMemory(10).shuffle(4, { seed: 3 }).repeat().batch(3);
    const first = await data.take(40).toArray(2);
    const iterator = data.iterateFrom({ epoch: 2, index: 31 });
    expect((await iterator.next()).value).toEqual(first[31]);
    expect((await iterator.next()).value).toEqual(first[32]);
    await iterator.return?.();
  });

  it('spares the work before it where it can', async () => {
    let mapped = 0;
    const counted = (data: Numbers): Numbers =>
      data.map((element) => {
        mapped++;
        return element;
      });
    for (const data of [
      counted(streamed(40)).batch(4),
      counted(sized(10)).repeat(4).batch(4),
      counted(inMemory(40)).batch(4),
    ]) {
      mapped = 0;
      for await (const batch of data.iterateFrom({ epoch: 0, index: 9 })) expect(batch.x.shape).toEqual([4, 1]);
      expect(mapped).toBe(4);
    }
  });

  it.each([
    ['no position', undefined],
    ['a negative index', { epoch: 0, index: -1 }],
    ['half an epoch', { epoch: 0.5, index: 0 }],
    ['NaN', { epoch: 0, index: NaN }],
    ['another name', { epoch: 0, index: 0, row: 1 }],
  ])('is refused as %s', (_, position) => {
    expect(() => inMemory(3).iterateFrom(position as never)).toThrow(/GS_OPTION/);
  });
});

describe('randomMap', () => {
  const draws = async (data: Dataset<number>, epoch = 0): Promise<number[]> => data.toArray(epoch);
  const numbers = (count: number, seed?: number): Dataset<number> =>
    streamed(count).randomMap((_, key) => uniformValues(key, 0, 1)[0]!, seed === undefined ? {} : { seed });

  it('gives each element of each epoch a key of its own, the same in every run', async () => {
    const first = await draws(numbers(20));
    expect(new Set([...first, ...(await draws(numbers(20), 1)), ...(await draws(numbers(20, 1)))]).size).toBe(60);
    expect(await draws(numbers(20))).toEqual(first);
    expect(await draws(numbers(20, 0))).toEqual(first);
  });

  it('refuses what is no function and options that nobody reads', () => {
    expect(() => inMemory(1).randomMap(3 as never)).toThrow(/GS_OPTION_VALUE/);
    expect(() => inMemory(1).randomMap((x) => x, { sead: 1 } as never)).toThrow(/GS_OPTION_UNKNOWN/);
    expect(() => inMemory(1).randomMap((x) => x, { seed: -1 })).toThrow(/GS_OPTION_VALUE/);
  });
});
