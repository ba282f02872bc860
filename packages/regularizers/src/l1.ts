import { checkNumber } from '@gradstream/core';
import { weightedNorms } from './internal/weighted-norms.js';
import type { Regularizer } from './regularizer.js';

/** The penalty `factor * sum(|w|)`, which pushes weights to exactly 0. Throws `GS_OPTION_VALUE` for a negative factor. */
export function l1(factor = 0.01): Regularizer {
  checkNumber('regularizers/l1', 'factor', factor, { min: 0 });
  return weightedNorms(factor, 0, { type: 'L1', config: { l1: factor } });
}
