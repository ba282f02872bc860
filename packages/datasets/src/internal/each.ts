import type { Source } from '../source.js';

/** The elements of an epoch, for `for await`: leaving the loop early closes the source. */
export function each<T>(source: Source<T>, epoch: number): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => source.iterate(epoch) };
}
