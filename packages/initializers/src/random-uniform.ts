import { checkNumber, checkOptions, GradstreamError, sizeOf, uniformValues } from '@gradstream/core';
import { fromValues } from './internal/from-values.js';
import type { Initializer } from './initializer.js';

/** Options of `randomUniform`. */
export interface RandomUniformOptions {
  /** Default -0.05. */
  readonly minval?: number;
  /** Default 0.05. */
  readonly maxval?: number;
}

/** Random numbers spread evenly from `minval` to `maxval`. Throws `GS_OPTION_VALUE` where `maxval` is below `minval`. */
export function randomUniform(options: RandomUniformOptions = {}): Initializer {
  const where = 'initializers/randomUniform';
  checkOptions(where, options, ['minval', 'maxval']);
  const minval = checkNumber(where, 'minval', options.minval ?? -0.05);
  const maxval = checkNumber(where, 'maxval', options.maxval ?? 0.05);
  if (maxval < minval) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "maxval" is below "minval"',
      expected: `at least ${minval}`,
      received: String(maxval),
      next: 'Swap the two, or give both.',
    });
  }
  return fromValues('RandomUniform', { minval, maxval }, (shape, key) =>
    uniformValues(key, 0, sizeOf(shape), minval, maxval),
  );
}
