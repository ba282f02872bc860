import { checkNumber, checkOptions, foldIn, randomKey, type RandomKey } from '@gradstream/core';
import { draws } from '../internal/draws.js';
import { each } from '../internal/each.js';
import { rowsSource } from '../internal/rows-source.js';
import type { Operator } from '../source.js';

/** How elements are shuffled. */
export interface ShuffleOptions {
  /** Any integer from 0 to 2^53 - 1; equal seeds give equal orders. Default 0. */
  readonly seed?: number;
  /** Another order in each epoch (default), or the same one in all. */
  readonly reshuffleEachIteration?: boolean;
}

/** Row numbers handed on at a time. */
const CHUNK = 4096;

/**
 * Shuffles through a window of `bufferSize` elements: each step gives a random element of the window and lets the next one in.
 * A window as large as the data gives every order the same chance (Fisher and Yates).
 *
 * The order is a pure function of seed and epoch, the same for rows in memory (which are not copied) and for any other stream.
 * As `tf.data.Dataset.shuffle`, except that the default seed is 0 in place of a random one: without a seed, a run can be repeated too.
 */
export function shuffle<T>(bufferSize: number, options: ShuffleOptions = {}): Operator<T, T> {
  const where = 'datasets/shuffle';
  checkNumber(where, 'bufferSize', bufferSize, { min: 1, integer: true });
  checkOptions(where, options, ['seed', 'reshuffleEachIteration']);
  const { seed = 0, reshuffleEachIteration = true } = options;
  const base = foldIn(randomKey(seed), 'datasets/shuffle');
  const keyOf = (epoch: number): RandomKey => foldIn(base, reshuffleEachIteration ? epoch : 0);
  return (source) => {
    const { rows, size } = source;
    if (rows !== undefined && size !== null) {
      return rowsSource(size, {
        ...rows,
        order: (epoch) => shuffledNumbers(rows.order(epoch), bufferSize, keyOf(epoch)),
      });
    }
    return {
      size,
      iterate: (epoch) => shuffled(each(source, epoch), bufferSize, keyOf(epoch), 0),
      // The window at a position holds elements from all over before it: the walk is done again up to there.
      iterateFrom: ({ epoch, index }) => shuffled(each(source, epoch), bufferSize, keyOf(epoch), index),
    };
  };
}

async function* shuffled<T>(
  elements: AsyncIterable<T>,
  bufferSize: number,
  key: RandomKey,
  start: number,
): AsyncGenerator<T, undefined> {
  const below = draws(key);
  const window: T[] = [];
  let given = 0;
  for await (const element of elements) {
    window.push(element);
    if (window.length < bufferSize) continue;
    const next = removeAt(window, below(window.length));
    if (given++ >= start) yield next;
  }
  while (window.length > 0) {
    const next = removeAt(window, below(window.length));
    if (given++ >= start) yield next;
  }
  return undefined;
}

/** The same walk as over a stream, over row numbers. */
function* shuffledNumbers(order: Iterable<Uint32Array>, bufferSize: number, key: RandomKey): Generator<Uint32Array> {
  const below = draws(key);
  const window: number[] = [];
  let chunk = new Uint32Array(CHUNK);
  let filled = 0;
  for (const numbers of order) {
    for (const number of numbers) {
      window.push(number);
      if (window.length < bufferSize) continue;
      chunk[filled++] = removeAt(window, below(window.length));
      if (filled < CHUNK) continue;
      yield chunk;
      chunk = new Uint32Array(CHUNK);
      filled = 0;
    }
  }
  while (window.length > 0) {
    chunk[filled++] = removeAt(window, below(window.length));
    if (filled < CHUNK) continue;
    yield chunk;
    chunk = new Uint32Array(CHUNK);
    filled = 0;
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

/** Takes an element out and puts the last one in its place: no element moves but one. */
function removeAt<T>(window: T[], index: number): T {
  const element = window[index]!;
  const last = window.pop()!;
  if (index < window.length) window[index] = last;
  return element;
}
