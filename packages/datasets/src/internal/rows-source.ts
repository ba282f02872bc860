import type { Rows, Source } from '../source.js';

/** A source of rows in memory: one example after another for whoever asks for the stream, the rows themselves for operators that can do better. */
export function rowsSource<T>(size: number, rows: Rows<T>): Source<T> {
  return {
    size,
    rows,
    async *iterate(epoch: number) {
      for (const numbers of rows.order(epoch)) {
        for (const number of numbers) yield rows.example(number);
      }
    },
  };
}
