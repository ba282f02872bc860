import { checkNumber, checkOptions, sizeOf, uniformValues, type RandomKey } from '@gradstream/core';
import { fromValues } from './internal/from-values.js';
import { normalQuantile } from './internal/normal-quantile.js';
import { checkSeed, type SeedOptions } from './internal/seed.js';
import type { Initializer } from './initializer.js';

/** Options of `truncatedNormal`. */
export interface TruncatedNormalOptions extends SeedOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation before the cut, 0 or more. Default 0.05. */
  readonly stddev?: number;
}

/**
 * Normal random numbers that lie no further than two standard deviations from the mean; their own deviation is 0.87962566 times `stddev`.
 *
 * Each number comes from one uniform number through the inverse of the distribution function, where Keras draws again until a number fits; the
 * distribution is the same. Throws `GS_OPTION_VALUE` for a negative deviation.
 */
export function truncatedNormal(options: TruncatedNormalOptions = {}): Initializer {
  const where = 'initializers/truncatedNormal';
  checkOptions(where, options, ['mean', 'stddev', 'seed']);
  const mean = checkNumber(where, 'mean', options.mean ?? 0);
  const stddev = checkNumber(where, 'stddev', options.stddev ?? 0.05, { min: 0 });
  const seed = checkSeed(where, options.seed);
  return fromValues('TruncatedNormal', { mean, stddev, seed }, (shape, key) =>
    truncatedValues(key, sizeOf(shape), mean, stddev),
  );
}

/** The probability that a standard normal variable is below -2. */
const BELOW = 0.02275013194817921;

function truncatedValues(key: RandomKey, size: number, mean: number, stddev: number): Float32Array {
  // Uniform numbers are multiples of 2^-24; half a step more keeps both ends out and the distribution symmetric.
  return uniformValues(key, 0, size).map(
    (u) => mean + stddev * normalQuantile(BELOW + (u + 2 ** -25) * (1 - 2 * BELOW)),
  );
}
