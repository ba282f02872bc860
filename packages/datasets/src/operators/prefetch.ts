import { checkNumber } from '@gradstream/core';
import { iterateFrom } from '../internal/each.js';
import type { Operator } from '../source.js';

/** What the source gave, kept until it is asked for: an element, or the error in the place where it happened. */
type Outcome<T> = { readonly element: T } | { readonly error: unknown };

/**
 * Asks the source ahead of time, so that reading and computing overlap: up to `count` elements wait for their turn, never more.
 *
 * Order stays as it is, an error comes in the place where it happened, and nothing is asked before the first element is wanted.
 */
export function prefetch<T>(count: number): Operator<T, T> {
  checkNumber('datasets/prefetch', 'count', count, { min: 1, integer: true });
  // Rows in memory have nothing to wait for: a later batch() still takes them from there.
  return (source) => ({
    size: source.size,
    rows: source.rows,
    iterate: (epoch) => prefetched(() => source.iterate(epoch), count),
    iterateFrom: ({ epoch, index }) => prefetched(() => iterateFrom(source, epoch, index), count),
  });
}

function prefetched<T>(open: () => AsyncIterator<T>, count: number): AsyncIterableIterator<T> {
  const ready: Outcome<T>[] = [];
  const finished = { done: true, value: undefined } as const;
  let upstream: AsyncIterator<T> | undefined;
  let pumping = false;
  let ended = false;
  let wake = (): void => {};

  const pump = async (): Promise<void> => {
    pumping = true;
    while (!ended && ready.length < count) {
      try {
        upstream ??= open();
        const { done, value } = await upstream.next();
        if (done) ended = true;
        else if (!ended) ready.push({ element: value });
      } catch (error) {
        if (!ended) ready.push({ error });
        ended = true;
      }
      wake();
    }
    pumping = false;
  };

  // Calls of next() are answered one after another, so that two waiting ones keep their order.
  let turn: Promise<unknown> = Promise.resolve();
  const answer = async (): Promise<IteratorResult<T, undefined>> => {
    for (;;) {
      const outcome = ready.shift();
      if (!pumping && !ended) void pump();
      if (outcome !== undefined) {
        if ('error' in outcome) throw outcome.error;
        return { done: false, value: outcome.element };
      }
      if (ready.length > 0) continue;
      if (ended) return finished;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      const result = turn.then(answer);
      turn = result.catch(() => {});
      return result;
    },
    async return() {
      ended = true;
      ready.length = 0;
      wake();
      await upstream?.return?.();
      return finished;
    },
  };
}
