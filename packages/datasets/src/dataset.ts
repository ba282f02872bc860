import { checkNumber } from '@gradstream/core';
import { batch, type BatchOptions } from './operators/batch.js';
import { filter } from './operators/filter.js';
import { map } from './operators/map.js';
import { pipe, type Step } from './operators/pipe.js';
import { prefetch } from './operators/prefetch.js';
import { repeat } from './operators/repeat.js';
import { shuffle, type ShuffleOptions } from './operators/shuffle.js';
import { skip } from './operators/skip.js';
import { take } from './operators/take.js';
import type { Operator, Source } from './source.js';

/**
 * A stream of elements that its consumer pulls, and that can be gone through again for each epoch.
 *
 * A dataset is a value: every method gives a new one, nothing runs before an element is asked for, and the order is a pure function of the
 * seeds and the epoch, so two iterations of an epoch are equal.
 */
export interface Dataset<T> extends Source<T>, AsyncIterable<T> {
  /** Opens the stream for an epoch, counted from 0. `for await` over the dataset itself is epoch 0. */
  iterate(epoch: number): AsyncIterableIterator<T>;
  /** Gives `change(element)` in place of each element; `change` may be asynchronous. */
  map<U>(change: (element: T) => U | Promise<U>): Dataset<U>;
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
    const iterator = this.#source.iterate(epoch);
    if (Symbol.asyncIterator in iterator) return iterator as AsyncIterableIterator<T>;
    return {
      next: () => iterator.next(),
      return: async (value?: unknown) => (await iterator.return?.(value)) ?? { done: true, value },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
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
