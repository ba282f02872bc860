import { checkNumber, checkOptions, type RandomKey } from '@gradstream/core';
import { iterateFrom } from './internal/each.js';
import { batch, type BatchOptions } from './operators/batch.js';
import { filter } from './operators/filter.js';
import { map } from './operators/map.js';
import { pipe, type Step } from './operators/pipe.js';
import { prefetch } from './operators/prefetch.js';
import { randomMap, type RandomMapOptions } from './operators/random-map.js';
import { repeat } from './operators/repeat.js';
import { shuffle, type ShuffleOptions } from './operators/shuffle.js';
import { skip } from './operators/skip.js';
import { take } from './operators/take.js';
import type { DatasetPosition, Operator, Source } from './source.js';

/**
 * A stream of elements that its consumer pulls, and that can be gone through again for each epoch.
 *
 * A dataset is a value: every method gives a new one, nothing runs before an element is asked for, and the order is a pure function of the
 * seeds and the epoch, so two iterations of an epoch are equal.
 */
export interface Dataset<T> extends Source<T>, AsyncIterable<T> {
  /** Opens the stream for an epoch, counted from 0. `for await` over the dataset itself is epoch 0. */
  iterate(epoch: number): AsyncIterableIterator<T>;
  /**
   * Opens the stream at a position: the elements that come after the first `index` of the epoch, exactly as if these had been taken. Plain JSON, so that it can be
   * stored. Rows in memory, `map`, `batch`, `take`, `skip`, `prefetch` and `repeat` skip what lies before; `shuffle` of a stream, `filter`, `pipe` and generators are
   * gone through again up to there.
   */
  iterateFrom(position: DatasetPosition): AsyncIterableIterator<T>;
  /** Gives `change(element)` in place of each element; `change` may be asynchronous. */
  map<U>(change: (element: T) => U | Promise<U>): Dataset<U>;
  /** Gives `change(element, key)` in place of each element, with a random key of seed, epoch and index: for augmentation. */
  randomMap<U>(change: (element: T, key: RandomKey) => U | Promise<U>, options?: RandomMapOptions): Dataset<U>;
  /** Lets only elements pass for which `keep` is true; the size is not known afterwards. */
  filter(keep: (element: T) => boolean | Promise<boolean>): Dataset<T>;
  /** Shuffles through a window of `bufferSize` elements, in another order in each epoch. */
  shuffle(bufferSize: number, options?: ShuffleOptions): Dataset<T>;
  /** Stacks every `size` examples into one with a new leading dimension. */
  batch(size: number, options?: BatchOptions): Dataset<T>;
  /** The first `count` elements of each epoch. */
  take(count: number): Dataset<T>;
  /** Everything but the first `count` elements of each epoch. */
  skip(count: number): Dataset<T>;
  /** Goes through the data `count` times in one epoch, or without end. */
  repeat(count?: number): Dataset<T>;
  /** Asks up to `count` elements ahead of time. */
  prefetch(count: number): Dataset<T>;
  /** Puts in a step of one's own: a function from one AsyncIterable to another, called once for each epoch. */
  pipe<U>(step: Step<T, U>): Dataset<U>;
  /** Puts in an operator, which knows sizes and epochs: `dataset.apply(shuffle(1000))`. */
  apply<U>(operator: Operator<T, U>): Dataset<U>;
  /** All elements of an epoch (0 unless told) in an array. */
  toArray(epoch?: number): Promise<T[]>;
}

/** The dataset of a source: a size and a way to iterate, with all methods. `fromArrays` and `fromGenerator` make the usual ones. */
export function dataset<T>(source: Source<T>): Dataset<T> {
  return new SourceDataset(source);
}

class SourceDataset<T> implements Dataset<T> {
  readonly #source: Source<T>;
  readonly size: number | null;
  readonly rows: Source<T>['rows'];

  constructor(source: Source<T>) {
    this.#source = source;
    this.size = source.size;
    this.rows = source.rows;
  }

  iterate(epoch: number): AsyncIterableIterator<T> {
    checkNumber('datasets/iterate', 'epoch', epoch, { min: 0, max: 2 ** 32, integer: true });
    return iterable(this.#source.iterate(epoch));
  }

  iterateFrom(position: DatasetPosition): AsyncIterableIterator<T> {
    const where = 'datasets/iterateFrom';
    checkOptions(where, position, ['epoch', 'index']);
    const epoch = checkNumber(where, 'epoch', position?.epoch, { min: 0, max: 2 ** 32, integer: true });
    const index = checkNumber(where, 'index', position?.index, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true });
    return iterable(iterateFrom(this.#source, epoch, index));
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.iterate(0);
  }

  apply<U>(operator: Operator<T, U>): Dataset<U> {
    return new SourceDataset(operator(this.#source));
  }

  map<U>(change: (element: T) => U | Promise<U>): Dataset<U> {
    return this.apply(map(change));
  }

  randomMap<U>(change: (element: T, key: RandomKey) => U | Promise<U>, options?: RandomMapOptions): Dataset<U> {
    return this.apply(randomMap(change, options));
  }

  filter(keep: (element: T) => boolean | Promise<boolean>): Dataset<T> {
    return this.apply(filter(keep));
  }

  shuffle(bufferSize: number, options?: ShuffleOptions): Dataset<T> {
    return this.apply(shuffle(bufferSize, options));
  }

  batch(size: number, options?: BatchOptions): Dataset<T> {
    return this.apply(batch(size, options));
  }

  take(count: number): Dataset<T> {
    return this.apply(take(count));
  }

  skip(count: number): Dataset<T> {
    return this.apply(skip(count));
  }

  repeat(count?: number): Dataset<T> {
    return this.apply(repeat(count));
  }

  prefetch(count: number): Dataset<T> {
    return this.apply(prefetch(count));
  }

  pipe<U>(step: Step<T, U>): Dataset<U> {
    return this.apply(pipe(step));
  }

  async toArray(epoch = 0): Promise<T[]> {
    const elements: T[] = [];
    for await (const element of this.iterate(epoch)) elements.push(element);
    return elements;
  }
}

function iterable<T>(iterator: AsyncIterator<T>): AsyncIterableIterator<T> {
  if (Symbol.asyncIterator in iterator) return iterator as AsyncIterableIterator<T>;
  return {
    next: () => iterator.next(),
    return: async (value?: unknown) => (await iterator.return?.(value)) ?? { done: true, value },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
