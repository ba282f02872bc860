import { checkChoice, checkNumber, checkOptions } from '@gradstream/core';
import { fans } from './fans.js';
import { checkFanAxes, type ScaledOptions } from './internal/fan-axes.js';
import { checkSeed } from './internal/seed.js';
import type { Initializer } from './initializer.js';
import { randomNormal } from './random-normal.js';
import { randomUniform } from './random-uniform.js';
import { truncatedNormal } from './truncated-normal.js';

const MODES = ['fanIn', 'fanOut', 'fanAvg'] as const;
const DISTRIBUTIONS = ['truncatedNormal', 'untruncatedNormal', 'uniform', 'normal'] as const;

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions extends ScaledOptions {
  /** Above 0. Default 1. */
  readonly scale?: number;
  /** What the scale is divided by: the inputs of an output, the outputs of an input, or their average. Default `fanIn`. */
  readonly mode?: (typeof MODES)[number];
  /** Default `truncatedNormal`; `normal` is another word for it. */
  readonly distribution?: (typeof DISTRIBUTIONS)[number];
}

/** The standard deviation of a standard normal variable that is cut at two deviations. */
const CUT_DEVIATION = 0.8796256610342398;

/**
 * Random numbers with the variance `scale / fan` and the mean 0.
 *
 * Normal, by default cut at two deviations (and made wider beforehand, so that the variance is right after the cut), or uniform within
 * `sqrt(3 * scale / fan)`. A fan below 1 counts as 1. Throws `GS_OPTION_VALUE` for a scale that is not above 0, an unknown mode or distribution.
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  const where = 'initializers/varianceScaling';
  checkOptions(where, options, ['scale', 'mode', 'distribution', 'seed', 'inputAxes', 'outputAxes']);
  const scale = checkNumber(where, 'scale', options.scale ?? 1, { min: 0, exclusive: 'min' });
  const mode = checkChoice(where, 'mode', options.mode ?? 'fanIn', MODES);
  const given = checkChoice(where, 'distribution', options.distribution ?? 'truncatedNormal', DISTRIBUTIONS);
  const distribution = given === 'normal' ? 'truncatedNormal' : given;
  const seed = checkSeed(where, options.seed);
  const axes = checkFanAxes(where, options);
  const initialize: Initializer = (shape, key) => {
    const { fanIn, fanOut } = fans(shape, axes);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    return withVariance(variance, distribution, seed)(shape, key);
  };
  return Object.assign(initialize, {
    config: { type: 'VarianceScaling', config: { scale, mode, distribution, seed, ...axes } },
  });
}

function withVariance(
  variance: number,
  distribution: 'truncatedNormal' | 'untruncatedNormal' | 'uniform',
  seed: number | null,
): Initializer {
  if (distribution === 'uniform') {
    const limit = Math.sqrt(3 * variance);
    return randomUniform({ minval: -limit, maxval: limit, seed });
  }
  const stddev = Math.sqrt(variance);
  if (distribution === 'untruncatedNormal') return randomNormal({ stddev, seed });
  return truncatedNormal({ stddev: stddev / CUT_DEVIATION, seed });
}
