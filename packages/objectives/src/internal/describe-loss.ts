import { checkOptions, describeValue, GradstreamError, type Config, type Json } from '@gradstream/core';
import { reductionOf, type Reduction } from '../losses/reduction.js';

/** What a loss is apart from its computation. */
export interface LossDescription {
  readonly name: string;
  readonly reduction: Reduction;
  readonly config: Config;
}

/** Refuses options of a loss that nobody reads; `own` are those beside name and reduction. */
export function checkLossOptions(where: string, options: unknown, own: readonly string[] = []): void {
  checkOptions(where, options, [...own, 'reduction', 'name']);
}

/**
 * Name, reduction and config of a loss: `type` is Keras' class, `where` ends in the factory's name, `own` holds the values of its own
 * options. Throws `GS_OPTION_VALUE` for a name or a reduction that is none.
 */
export function describeLoss(
  type: string,
  where: string,
  options: { readonly name?: unknown; readonly reduction?: unknown },
  own: { readonly [key: string]: Json } = {},
): LossDescription {
  const name = options.name ?? where.slice(where.indexOf('/') + 1);
  if (typeof name !== 'string' || name === '') {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "name" has a value that cannot be used',
      expected: 'a text that is not empty',
      received: describeValue(name),
      next: 'Give "name" a text, or leave it out.',
    });
  }
  const reduction = reductionOf(where, options.reduction);
  return { name, reduction, config: { type, config: { name, reduction, ...own } } };
}
