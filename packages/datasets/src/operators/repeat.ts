import { checkNumber } from '@gradstream/core';
import { each } from '../internal/each.js';
import { rowsSource } from '../internal/rows-source.js';
import type { DatasetPosition, Operator, Source } from '../source.js';

/** Passes of an endless repeat that get a number of their own within an epoch. */
const PASSES = 2 ** 20;

/**
 * Goes through the source `count` times in one epoch, or without end where no count is given.
 *
 * Each pass is an epoch of the source, so a shuffle before it gives another order in each: pass `p` of epoch `e` is the source's epoch
 * `e * count + p` (`e * 2^20 + p` without a count). An endless repeat of nothing ends.
 */
export function repeat<T>(count?: number): Operator<T, T> {
  if (count !== undefined) checkNumber('datasets/repeat', 'count', count, { min: 0, integer: true });
  const passes = count ?? Number.POSITIVE_INFINITY;
  const sourceEpoch = (epoch: number, pass: number): number => epoch * (count ?? PASSES) + pass;
  return (source) => {
    const { rows } = source;
    const size = repeatedSize(source.size, passes);
    if (rows !== undefined && size !== null) {
      return rowsSource(size, {
        ...rows,
        *order(epoch: number) {
          for (let pass = 0; pass < passes; pass++) {
            let empty = true;
            for (const numbers of rows.order(sourceEpoch(epoch, pass))) {
              if (numbers.length > 0) empty = false;
              yield numbers;
            }
            if (empty) return;
          }
        },
      });
    }
    return {
      size,
      iterate: (epoch) => passesFrom(source, passes, 0, 0, (pass) => sourceEpoch(epoch, pass)),
      // Where passes have a known size, those before the position are not gone through.
      ...(source.size !== null && source.size > 0 && Number.isFinite(source.size)
        ? {
            iterateFrom: ({ epoch, index }: DatasetPosition) =>
              passesFrom(source, passes, Math.floor(index / source.size!), index % source.size!, (pass) =>
                sourceEpoch(epoch, pass),
              ),
          }
        : {}),
    };
  };
}

/** Passes from one on, the first of them from an element on. */
async function* passesFrom<T>(
  source: Source<T>,
  passes: number,
  first: number,
  start: number,
  epochOf: (pass: number) => number,
): AsyncGenerator<T, undefined> {
  for (let pass = first; pass < passes; pass++) {
    let empty = pass !== first || start === 0;
    for await (const element of each(source, epochOf(pass), pass === first ? start : 0)) {
      empty = false;
      yield element;
    }
    // Without this, an endless repeat of nothing would never come back.
    if (empty && passes === Number.POSITIVE_INFINITY) return undefined;
  }
  return undefined;
}

function repeatedSize(size: number | null, passes: number): number | null {
  if (size === 0 || passes === 0) return 0;
  if (passes === Number.POSITIVE_INFINITY) return passes;
  return size === null ? null : size * passes;
}
