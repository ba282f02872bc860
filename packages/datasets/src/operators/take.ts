import { checkNumber } from '@gradstream/core';
import { each } from '../internal/each.js';
import { rowsSource } from '../internal/rows-source.js';
import type { Operator, Source } from '../source.js';

/** The first `count` elements of each epoch; the source is closed after them and never asked for one more. */
export function take<T>(count: number): Operator<T, T> {
  checkNumber('datasets/take', 'count', count, { min: 0, integer: true });
  return (source) => {
    const { rows, size } = source;
    if (rows !== undefined && size !== null) {
      return rowsSource(Math.min(count, size), { ...rows, order: (epoch) => firstNumbers(rows.order(epoch), count) });
    }
    return {
      size: size === null ? null : Math.min(count, size),
      iterate: (epoch) => first(source, epoch, 0, count),
      iterateFrom: ({ epoch, index }) => first(source, epoch, index, count),
    };
  };
}

async function* first<T>(source: Source<T>, epoch: number, start: number, end: number): AsyncGenerator<T, undefined> {
  if (start >= end) return undefined;
  let taken = start;
  for await (const element of each(source, epoch, start)) {
    yield element;
    if (++taken === end) return undefined;
  }
  return undefined;
}

function* firstNumbers(order: Iterable<Uint32Array>, count: number): Generator<Uint32Array> {
  let left = count;
  if (left === 0) return;
  for (const numbers of order) {
    yield numbers.length <= left ? numbers : numbers.subarray(0, left);
    left -= numbers.length;
    if (left <= 0) return;
  }
}
