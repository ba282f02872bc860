import { checkNumber, checkOptions, normalValues, sizeOf } from '@gradstream/core';
import { fromValues } from './internal/from-values.js';
import { checkSeed, type SeedOptions } from './internal/seed.js';
import type { Initializer } from './initializer.js';

/** Options of `randomNormal`. */
export interface RandomNormalOptions extends SeedOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation, 0 or more. Default 0.05. */
  readonly stddev?: number;
}

/** Normal random numbers. Throws `GS_OPTION_VALUE` for a negative deviation. */
export function randomNormal(options: RandomNormalOptions = {}): Initializer {
  const where = 'initializers/randomNormal';
  checkOptions(where, options, ['mean', 'stddev', 'seed']);
  const mean = checkNumber(where, 'mean', options.mean ?? 0);
  const stddev = checkNumber(where, 'stddev', options.stddev ?? 0.05, { min: 0 });
  const seed = checkSeed(where, options.seed);
  return fromValues('RandomNormal', { mean, stddev, seed }, (shape, key) =>
    normalValues(key, 0, sizeOf(shape), mean, stddev),
  );
}
