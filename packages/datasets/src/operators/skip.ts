import { checkNumber } from '@gradstream/core';
import { iterateFrom } from '../internal/each.js';
import { laterNumbers } from '../internal/later-numbers.js';
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
      iterate: (epoch) => iterateFrom(source, epoch, count),
      iterateFrom: ({ epoch, index }) => iterateFrom(source, epoch, count + index),
    };
  };
}
