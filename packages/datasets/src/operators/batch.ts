import { checkNumber, checkOptions } from '@gradstream/core';
import { each } from '../internal/each.js';
import { laterNumbers } from '../internal/later-numbers.js';
import { stackExamples } from '../internal/stack-examples.js';
import type { Operator, Rows } from '../source.js';

/** What to do with the elements that are left over. */
export interface BatchOptions {
  /** Leaves out a last batch that is not full. Default false: it comes as it is. */
  readonly dropRemainder?: boolean;
}

/**
 * Stacks every `size` examples into one with a new leading dimension, in new arrays.
 *
 * Rows in memory are gathered straight into the batch. Throws, from the stream, `GS_DATASET_SHAPE` where examples of a batch differ in
 * fields, shapes or dtypes, and `GS_DATASET_ELEMENT` for elements that are no arrays.
 */
export function batch<T>(size: number, options: BatchOptions = {}): Operator<T, T> {
  const where = 'datasets/batch';
  checkNumber(where, 'size', size, { min: 1, integer: true });
  checkOptions(where, options, ['dropRemainder']);
  const { dropRemainder = false } = options;
  return (source) => {
    const { rows } = source;
    const count =
      source.size === null ? null : dropRemainder ? Math.floor(source.size / size) : Math.ceil(source.size / size);
    if (rows !== undefined) {
      return {
        size: count,
        iterate: (epoch) => gathered(rows, groups(rows.order(epoch), size, dropRemainder)),
        iterateFrom: ({ epoch, index }) =>
          gathered(rows, groups(laterNumbers(rows.order(epoch), index * size), size, dropRemainder)),
      };
    }
    return {
      size: count,
      iterate: (epoch) => stacked(each(source, epoch), size, dropRemainder),
      iterateFrom: ({ epoch, index }) => stacked(each(source, epoch, index * size), size, dropRemainder),
    };
  };
}

async function* gathered<T>(rows: Rows<T>, order: Iterable<Uint32Array>): AsyncGenerator<T, undefined> {
  for (const numbers of order) yield rows.gather(numbers);
  return undefined;
}

async function* stacked<T>(
  elements: AsyncIterable<T>,
  size: number,
  dropRemainder: boolean,
): AsyncGenerator<T, undefined> {
  let waiting: T[] = [];
  for await (const element of elements) {
    waiting.push(element);
    if (waiting.length < size) continue;
    yield stackExamples(waiting) as T;
    waiting = [];
  }
  if (waiting.length > 0 && !dropRemainder) yield stackExamples(waiting) as T;
  return undefined;
}

/** Row numbers in groups of `size`, whatever the chunks they come in. */
function* groups(order: Iterable<Uint32Array>, size: number, dropRemainder: boolean): Generator<Uint32Array> {
  let group = new Uint32Array(0);
  let filled = 0;
  for (const numbers of order) {
    let start = 0;
    while (start < numbers.length) {
      if (filled === 0) {
        if (numbers.length - start >= size) {
          yield numbers.subarray(start, start + size);
          start += size;
          continue;
        }
        // Grown from what there is: a batch size far above the number of rows reserves no memory for itself.
        group = new Uint32Array(Math.min(size, numbers.length - start));
      } else if (filled === group.length) {
        const larger = new Uint32Array(Math.min(size, Math.max(filled * 2, filled + numbers.length - start)));
        larger.set(group);
        group = larger;
      }
      const taken = Math.min(group.length - filled, numbers.length - start);
      group.set(numbers.subarray(start, start + taken), filled);
      filled += taken;
      start += taken;
      if (filled < size) continue;
      yield group;
      filled = 0;
    }
  }
  if (filled > 0 && !dropRemainder) yield group.subarray(0, filled);
}
