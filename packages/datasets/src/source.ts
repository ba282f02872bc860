/** A place in a dataset, plain JSON: the epoch, and how many of its elements were taken before. The elements after it are a pure function of it. */
export interface DatasetPosition {
  readonly epoch: number;
  readonly index: number;
}

/**
 * What operators work on: a stream that can be opened again for each epoch.
 *
 * `iterate(epoch)` is a pure function of the epoch: the same epoch gives the same elements in the same order, however often it is asked.
 */
export interface Source<T> {
  /** The number of elements of an epoch; null where it is not known before the end, Infinity for a stream without end. */
  readonly size: number | null;
  /** Opens the stream for an epoch, counted from 0. `return()` of the iterator closes what lies underneath. */
  iterate(epoch: number): AsyncIterator<T>;
  /**
   * The same stream from a position on, with the work for the elements before it spared as far as it can be. Optional: without it they are asked for and
   * dropped, which is slower and gives the same.
   */
  iterateFrom?(position: DatasetPosition): AsyncIterator<T>;
  /** The way around the stream for examples that lie in memory as rows of arrays; streams of any other kind have none. */
  readonly rows?: Rows<T> | undefined;
}

/** Examples in memory: an order of row numbers, and a way to take rows out. */
export interface Rows<T> {
  /** The row numbers of an epoch in their order, in chunks of any length, made as they are asked for; may have no end. */
  order(epoch: number): Iterable<Uint32Array>;
  /** A batch: the rows of these numbers, stacked in new arrays. */
  gather(numbers: Uint32Array): T;
  /** The example of one row, without the leading dimension, in new arrays. */
  example(number: number): T;
}

/** A step from one source to another, as a plain value: `dataset.apply(shuffle(1000))`. */
export type Operator<A, B> = (source: Source<A>) => Source<B>;
