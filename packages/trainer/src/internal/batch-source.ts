import { describeValue, GradstreamError } from '@gradstream/core';
import type { Example } from '@gradstream/datasets';

/** Batches: a dataset, or anything that can be iterated. `iterate(epoch)` gives each epoch its own order. */
export type BatchSource = AsyncIterable<Example> & {
  /** Batches of one pass, where it is known. */
  readonly size?: number | null;
  iterate?(epoch: number): AsyncIterator<Example>;
};

/** Throws `GS_TRAIN_DATA` unless the value gives batches. */
export function checkSource(where: string, name: string, data: unknown): asserts data is BatchSource {
  if (typeof data === 'object' && data !== null && Symbol.asyncIterator in data) return;
  throw new GradstreamError('GS_TRAIN_DATA', {
    where,
    what: `${name} gives no batches`,
    expected: 'a dataset or another async iterable of { x, y }',
    received: describeValue(data),
    next: 'Make a dataset of arrays: fromArrays({ x, y }).batch(32).',
  });
}

/** A way through a source, over one epoch or through several. */
export class BatchCursor {
  readonly #source: BatchSource;
  #iterator: AsyncIterator<Example> | undefined;
  #pass: number;

  constructor(source: BatchSource, pass = 0) {
    this.#source = source;
    this.#pass = pass;
  }

  /** The next batch, or undefined at the end of the pass. */
  async next(): Promise<Example | undefined> {
    this.#iterator ??= this.#source.iterate?.(this.#pass) ?? this.#source[Symbol.asyncIterator]();
    const { done, value } = await this.#iterator.next();
    if (done !== true) return value as Example;
    this.#iterator = undefined;
    this.#pass++;
    return undefined;
  }

  /** Ends the pass and lets the source free what it holds. */
  async close(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    this.#pass++;
    await iterator?.return?.();
  }
}
