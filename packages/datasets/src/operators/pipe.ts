import { checkFunction } from '@gradstream/core';
import { each } from '../internal/each.js';
import { iterated } from '../internal/iterated.js';
import type { Operator } from '../source.js';

/** A step of one's own: takes the elements of an epoch and gives other ones. An async generator function is one. */
export type Step<A, B> = (source: AsyncIterable<A>) => AsyncIterable<B>;

/**
 * Puts a step of one's own into the stream; it is called once for each epoch. The size of what it gives is not known.
 *
 * Throws `GS_DATASET_SOURCE` from the stream where the step gives nothing that can be iterated.
 */
export function pipe<A, B>(step: Step<A, B>): Operator<A, B> {
  checkFunction('datasets/pipe', 'step', step);
  return (source) => ({
    size: null,
    iterate: (epoch) => iterated('datasets/pipe', () => step(each(source, epoch))),
  });
}
