import { checkNumber } from '@gradstream/core';
import { each } from '../internal/each.js';
import { rowsSource } from '../internal/rows-source.js';
import type { Operator } from '../source.js';

/** Everything but the first `count` elements of each epoch. */
export function skip<T>(count: number): Operator<T, T> {
  checkNumber('datasets/skip', 'count', count, { min: 0, integer: true });
  return (source) => {
    const { rows, size } = source;
    if (rows !== undefined && size !== null) {
      return rowsSource(Math.max(0, size - count), {
        ...rows,
        order: (epoch) => laterNumbers(rows.order(epoch), count),
      });
    }
    return {
      size: size === null ? null : Math.max(0, size - count),
      async *iterate(epoch: number) {
        let left = count;
        for await (const element of each(source, epoch)) {
          if (left > 0) left--;
          else yield element;
        }
      },
    };
  };
}

function* laterNumbers(order: Iterable<Uint32Array>, count: number): Generator<Uint32Array> {
  let left = count;
  for (const numbers of order) {
    if (left === 0) yield numbers;
    else if (left < numbers.length) yield numbers.subarray(left);
    left = Math.max(0, left - numbers.length);
  }
}
