import { checkFunction, checkOptions, foldIn, randomKey, type RandomKey } from '@gradstream/core';
import { each } from '../internal/each.js';
import type { Operator, Source } from '../source.js';

/** Options of `randomMap`. */
export interface RandomMapOptions {
  /** Any integer from 0 to 2^53 - 1; equal seeds give equal keys. Default 0. */
  readonly seed?: number;
}

/**
 * Gives `change(element, key)` in place of each element, as `map` does, with a random key of its own: for augmentation on the host.
 *
 * The key is a pure function of the seed, the epoch and the element's index in it: `foldIn(foldIn(seed, epoch), index)`. So a run can be repeated, and one that
 * is resumed in the middle of an epoch goes on with the same random numbers. `uniformValues(key, 0, count)` gives numbers of a key.
 */
export function randomMap<A, B>(
  change: (element: A, key: RandomKey) => B | Promise<B>,
  options: RandomMapOptions = {},
): Operator<A, B> {
  const where = 'datasets/randomMap';
  checkFunction(where, 'change', change);
  checkOptions(where, options, ['seed']);
  const base = foldIn(randomKey(options.seed ?? 0), where);
  const from = (source: Source<A>, epoch: number, start: number): AsyncGenerator<B, undefined> =>
    changed(each(source, epoch, start), foldIn(base, epoch), start, change);
  return (source) => ({
    size: source.size,
    iterate: (epoch) => from(source, epoch, 0),
    iterateFrom: ({ epoch, index }) => from(source, epoch, index),
  });
}

async function* changed<A, B>(
  elements: AsyncIterable<A>,
  key: RandomKey,
  start: number,
  change: (element: A, key: RandomKey) => B | Promise<B>,
): AsyncGenerator<B, undefined> {
  let index = start;
  for await (const element of elements) yield await change(element, foldIn(key, index++));
  return undefined;
}
