import { checkNumber } from '@gradstream/core';
import { weightedNorms } from './internal/weighted-norms.js';
import type { Regularizer } from './regularizer.js';

/** The penalty `factor * sum(w^2)`, without a half in front, as in Keras. Throws `GS_OPTION_VALUE` for a negative factor. */
export function l2(factor = 0.01): Regularizer {
  checkNumber('regularizers/l2', 'factor', factor, { min: 0 });
  return weightedNorms(0, factor, { type: 'L2', config: { l2: factor } });
}
