import type { Source } from '../source.js';

/** The elements of an epoch, for `for await`: leaving the loop early closes the source. With `start`, those after so many. */
export function each<T>(source: Source<T>, epoch: number, start = 0): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => iterateFrom(source, epoch, start) };
}

/** The stream of an epoch after its first `start` elements. A source that has no shorter way is gone through. */
export function iterateFrom<T>(source: Source<T>, epoch: number, start: number): AsyncIterator<T> {
  if (start === 0) return source.iterate(epoch);
  return source.iterateFrom?.({ epoch, index: start }) ?? rest(source, epoch, start);
}

async function* rest<T>(source: Source<T>, epoch: number, start: number): AsyncGenerator<T, undefined> {
  let left = start;
  for await (const element of each(source, epoch)) {
    if (left > 0) left--;
    else yield element;
  }
  return undefined;
}
