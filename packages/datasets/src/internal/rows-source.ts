import type { Rows, Source } from '../source.js';
import { laterNumbers } from './later-numbers.js';

/** A source of rows in memory: one example after another for whoever asks for the stream, the rows themselves for operators that can do better. */
export function rowsSource<T>(size: number, rows: Rows<T>): Source<T> {
  return {
    size,
    rows,
    iterate: (epoch) => examples(rows, rows.order(epoch)),
    iterateFrom: ({ epoch, index }) => examples(rows, laterNumbers(rows.order(epoch), index)),
  };
}

async function* examples<T>(rows: Rows<T>, order: Iterable<Uint32Array>): AsyncGenerator<T, undefined> {
  for (const numbers of order) for (const number of numbers) yield rows.example(number);
  return undefined;
}
