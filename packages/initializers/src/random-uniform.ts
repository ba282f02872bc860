import { checkNumber, checkOptions, GradstreamError, sizeOf, uniformValues } from '@gradstream/core';
import { fromValues } from './internal/from-values.js';
import { checkSeed, type SeedOptions } from './internal/seed.js';
import type { Initializer } from './initializer.js';

/** Options of `randomUniform`. */
export interface RandomUniformOptions extends SeedOptions {
  /** Default -0.05. */
  readonly minval?: number;
  /** Default 0.05. */
  readonly maxval?: number;
}

/** Random numbers spread evenly from `minval` to `maxval`. Throws `GS_OPTION_VALUE` where `maxval` is below `minval`. */
export function randomUniform(options: RandomUniformOptions = {}): Initializer {
  const where = 'initializers/randomUniform';
  checkOptions(where, options, ['minval', 'maxval', 'seed']);
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
  const seed = checkSeed(where, options.seed);
  return fromValues('RandomUniform', { minval, maxval, seed }, (shape, key) =>
    uniformValues(key, 0, sizeOf(shape), minval, maxval),
  );
}
