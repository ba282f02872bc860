import { checkFunction } from '@gradstream/core';
import { each } from '../internal/each.js';
import type { Operator } from '../source.js';

/** Lets only those elements pass for which `keep(element)` is true; `keep` may be asynchronous. The size of what is left is not known. */
export function filter<T>(keep: (element: T) => boolean | Promise<boolean>): Operator<T, T> {
  checkFunction('datasets/filter', 'keep', keep);
  return (source) => ({
    size: source.size === 0 ? 0 : null,
    async *iterate(epoch: number) {
      for await (const element of each(source, epoch)) if (await keep(element)) yield element;
    },
  });
}
