import { checkFunction } from '@gradstream/core';
import { each } from '../internal/each.js';
import { rowsSource } from '../internal/rows-source.js';
import { isRowwise } from '../maps/rowwise.js';
import type { Operator, Source } from '../source.js';

/**
 * Gives `change(element)` in place of each element, one at a time and in order; `change` may be asynchronous.
 *
 * A function marked with `rowwise` keeps rows in memory on the fast path: it is applied to whole batches.
 */
export function map<A, B>(change: (element: A) => B | Promise<B>): Operator<A, B> {
  checkFunction('datasets/map', 'change', change);
  return (source) => {
    const { rows, size } = source;
    if (rows !== undefined && size !== null && isRowwise(change)) {
      const now = change as (element: A) => B;
      return rowsSource<B>(size, {
        order: (epoch) => rows.order(epoch),
        gather: (numbers) => now(rows.gather(numbers)),
        example: (number) => now(rows.example(number)),
      });
    }
    return {
      size,
      iterate: (epoch) => changed(source, epoch, 0, change),
      iterateFrom: ({ epoch, index }) => changed(source, epoch, index, change),
    };
  };
}

async function* changed<A, B>(
  source: Source<A>,
  epoch: number,
  start: number,
  change: (element: A) => B | Promise<B>,
): AsyncGenerator<B, undefined> {
  for await (const element of each(source, epoch, start)) yield await change(element);
  return undefined;
}
