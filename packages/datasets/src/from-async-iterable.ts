import { checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import type { Dataset } from './dataset.js';
import { fromGenerator, type FromGeneratorOptions } from './from-generator.js';
import { isIterable } from './internal/iterated.js';

/**
 * A dataset of something that can be iterated: an array, another library's dataset, a stream of records. Every epoch goes through it anew.
 *
 * A running generator or stream can be gone through once only: a second epoch throws `GS_DATASET_EXHAUSTED` where it would silently be
 * empty. Throws `GS_DATASET_SOURCE` for something that cannot be iterated.
 */
export function fromAsyncIterable<T>(
  iterable: AsyncIterable<T> | Iterable<T>,
  options: FromGeneratorOptions = {},
): Dataset<T> {
  const where = 'datasets/fromAsyncIterable';
  checkOptions(where, options, ['size']);
  if (!isIterable(iterable)) {
    throw new GradstreamError('GS_DATASET_SOURCE', {
      where,
      what: 'There is nothing to iterate over',
      expected: 'an AsyncIterable or an Iterable of elements',
      received: describeValue(iterable),
      next: 'Pass an array or a stream, or use fromGenerator() with a function.',
    });
  }
  let used = false;
  return fromGenerator<T>(() => {
    if (!canRestart(iterable)) {
      if (used) {
        throw new GradstreamError('GS_DATASET_EXHAUSTED', {
          where,
          what: 'This stream can be gone through once only, and that has been done',
          expected: 'one epoch',
          received: 'another iteration',
          next: 'Use fromGenerator(() => ...) with a function that opens the stream anew, or collect it with toArray() first.',
        });
      }
      used = true;
    }
    return iterable;
  }, options);
}

/** False for what is its own iterator, and for web streams, which are locked by the first reader. */
function canRestart(iterable: object): boolean {
  return !('next' in iterable && typeof iterable.next === 'function') && !('getReader' in iterable);
}
