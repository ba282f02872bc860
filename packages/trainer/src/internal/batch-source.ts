import { describeValue, GradstreamError } from '@gradstream/core';
import type { DatasetPosition, Example } from '@gradstream/datasets';

/**
 * Batches: a dataset, or anything that can be iterated. `iterate(epoch)` gives each epoch its own order; `iterateFrom` opens it in the middle, where training is
 * resumed; without it batches are asked for and dropped up to there.
 */
export type BatchSource = AsyncIterable<Example> & {
  /** Batches of one pass, where it is known; Infinity for data without end. */
  readonly size?: number | null;
  iterate?(epoch: number): AsyncIterator<Example>;
  iterateFrom?(position: DatasetPosition): AsyncIterator<Example>;
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

/** Batches of a pass: the limit, the source's size, or null where neither tells. Throws `GS_TRAIN_ENDLESS` for data without end and without a limit. */
export function passSize(
  where: string,
  data: BatchSource,
  limit: number | undefined,
  option: string,
  continues = false,
): number | null {
  const size = data.size ?? null;
  if (size === Number.POSITIVE_INFINITY && limit === undefined) {
    throw new GradstreamError('GS_TRAIN_ENDLESS', {
      where,
      what: 'The data has no end',
      expected: `the option ${option}`,
      received: 'none',
      next: `Say how many batches to take: ${option}: 100.`,
    });
  }
  if (limit === undefined) return size;
  return continues ? limit : Math.min(limit, size ?? limit);
}

/** A place in a source: passes begun before this one, and batches taken of it. */
export interface CursorPosition {
  readonly pass: number;
  readonly batch: number;
}

/** A way through a source, over one epoch or through several. */
export class BatchCursor {
  readonly #source: BatchSource;
  #iterator: AsyncIterator<Example> | undefined;
  #pass: number;
  #batch: number;

  /** `batch`: batches of the first pass that were taken before. */
  constructor(source: BatchSource, pass = 0, batch = 0) {
    this.#source = source;
    this.#pass = pass;
    this.#batch = batch;
  }

  /** Where it is, as far as batches were handed out: what was read ahead does not count. */
  get position(): CursorPosition {
    return { pass: this.#pass, batch: this.#batch };
  }

  /** Goes to a position, before the first batch is asked for. */
  goTo({ pass, batch }: CursorPosition): void {
    this.#pass = pass;
    this.#batch = batch;
  }

  /** The next batch, or undefined at the end of the pass. */
  async next(): Promise<Example | undefined> {
    this.#iterator ??= await this.#open();
    const { done, value } = await this.#iterator.next();
    if (done !== true) {
      this.#batch++;
      return value as Example;
    }
    this.#iterator = undefined;
    this.#nextPass();
    return undefined;
  }

  /** Ends the pass and lets the source free what it holds. */
  async close(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    this.#nextPass();
    await iterator?.return?.();
  }

  #nextPass(): void {
    this.#pass++;
    this.#batch = 0;
  }

  async #open(): Promise<AsyncIterator<Example>> {
    const [source, pass, batch] = [this.#source, this.#pass, this.#batch];
    if (batch > 0 && source.iterateFrom !== undefined) return source.iterateFrom({ epoch: pass, index: batch });
    const iterator = source.iterate?.(pass) ?? source[Symbol.asyncIterator]();
    for (let index = 0; index < batch; index++) if ((await iterator.next()).done === true) break;
    return iterator;
  }
}
