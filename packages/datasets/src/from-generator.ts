import { checkFunction, checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import { dataset, type Dataset } from './dataset.js';
import { iterated } from './internal/iterated.js';

/** What is known about a stream before it is opened. */
export interface FromGeneratorOptions {
  /** The number of elements of every epoch. Leave it out where it is not known; a stream that keeps another count ends with an error. */
  readonly size?: number;
}

/**
 * A dataset of a function that opens the stream for an epoch: usually an async generator function. Arrays and other iterables do too.
 *
 * For repeatable runs it should give the same elements for the same epoch. Throws, from the stream, `GS_DATASET_SOURCE` where the function
 * gives nothing to iterate, and `GS_DATASET_LENGTH` where a stated size is not kept.
 */
export function fromGenerator<T>(
  open: (epoch: number) => AsyncIterable<T> | Iterable<T>,
  options: FromGeneratorOptions = {},
): Dataset<T> {
  const where = 'datasets/fromGenerator';
  checkFunction(where, 'open', open);
  checkOptions(where, options, ['size']);
  const { size } = options;
  if (size === undefined) return dataset<T>({ size: null, iterate: (epoch) => iterated(where, () => open(epoch)) });
  checkNumber(where, 'size', size, { min: 0, integer: true });
  return dataset<T>({
    size,
    async *iterate(epoch: number) {
      let count = 0;
      for await (const element of iterated(where, () => open(epoch))) {
        if (++count > size) throw miscounted(where, size, 'more');
        yield element;
      }
      if (count < size) throw miscounted(where, size, `${count}`);
    },
  });
}

function miscounted(where: string, size: number, received: string): GradstreamError {
  return new GradstreamError('GS_DATASET_LENGTH', {
    where,
    what: 'The stream has another number of elements than was stated',
    expected: `${size} elements`,
    received,
    next: 'Correct the size, or leave it out.',
  });
}
