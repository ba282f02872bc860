import { describeValue, GradstreamError } from '@gradstream/core';

/**
 * The elements of anything that can be iterated, as an iterator with the manners of a generator: nothing is opened before the first element
 * is wanted, an error comes once, then it is over, and `return()` closes what lies underneath.
 *
 * Throws `GS_DATASET_SOURCE` where `open` gives something that cannot be iterated.
 */
export async function* iterated<T>(
  where: string,
  open: () => AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<T, undefined> {
  const iterable = open();
  if (!isIterable(iterable)) {
    throw new GradstreamError('GS_DATASET_SOURCE', {
      where,
      what: 'There is nothing to iterate over',
      expected: 'an AsyncIterable or an Iterable of elements, for example what an async generator function returns',
      received: describeValue(iterable),
      next: 'Return a generator, a stream or an array.',
    });
  }
  for await (const element of iterable) yield element;
  return undefined;
}

/** True for what `for await` can go through; a text is not meant as a list of its letters. */
export function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}
