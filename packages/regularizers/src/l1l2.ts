import { checkNumber, checkOptions } from '@gradstream/core';
import { weightedNorms } from './internal/weighted-norms.js';
import type { Regularizer } from './regularizer.js';

/** Options of `l1l2`. */
export interface L1L2Options {
  /** Factor of `sum(|w|)`, 0 or more. Default 0. */
  readonly l1?: number;
  /** Factor of `sum(w^2)`, 0 or more. Default 0. */
  readonly l2?: number;
}

/** The penalty `l1 * sum(|w|) + l2 * sum(w^2)`. Without options it is 0, as in Keras. Throws `GS_OPTION_VALUE` for a negative factor. */
export function l1l2(options: L1L2Options = {}): Regularizer {
  const where = 'regularizers/l1l2';
  checkOptions(where, options, ['l1', 'l2']);
  const l1 = checkNumber(where, 'l1', options.l1 ?? 0, { min: 0 });
  const l2 = checkNumber(where, 'l2', options.l2 ?? 0, { min: 0 });
  return weightedNorms(l1, l2, { type: 'L1L2', config: { l1, l2 } });
}
