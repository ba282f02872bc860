import { checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import { div, less, maximum, minimum, mul, sub, where as select } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { between, halfCosine } from './internal/cosine.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  /** The rate of the first step, at least 0. */
  readonly initialLearningRate: number;
  /** Steps from the highest rate to the end, above 0; those of the warm-up come first and are not among them. */
  readonly decaySteps: number;
  /** The rate at the end as a share of the highest, in [0, 1]. Default 0. */
  readonly alpha?: number;
  /** The rate at the end of a warm-up from `initialLearningRate`, at least 0. Default: no warm-up. */
  readonly warmupTarget?: number;
  /** Steps of the warm-up, at least 0. Default 0. Needs `warmupTarget`. */
  readonly warmupSteps?: number;
}

/**
 * Down along half a wave of the cosine: `initialLearningRate * ((1 - alpha) * (1 + cos(pi * min(step, d) / d)) / 2 + alpha)` with d = decaySteps.
 * With a warm-up it first goes up to `warmupTarget` in a line, and from there down. Keras' `CosineDecay`.
 *
 * Throws `GS_OPTION_*` for bad or missing options. Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const where = 'optimizers/schedules/cosineDecay';
  checkOptions(where, options, ['initialLearningRate', 'decaySteps', 'alpha', 'warmupTarget', 'warmupSteps']);
  const initialLearningRate = checkNumber(where, 'initialLearningRate', options?.initialLearningRate, { min: 0 });
  const decaySteps = checkNumber(where, 'decaySteps', options.decaySteps, { min: 0, exclusive: 'min' });
  const alpha = checkNumber(where, 'alpha', options.alpha ?? 0, { min: 0, max: 1 });
  const warmupSteps = checkNumber(where, 'warmupSteps', options.warmupSteps ?? 0, { min: 0 });
  const { warmupTarget } = options;
  if (warmupTarget !== undefined) checkNumber(where, 'warmupTarget', warmupTarget, { min: 0 });
  if (warmupTarget === undefined && warmupSteps > 0) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'A warm-up needs a rate to reach',
      expected: '"warmupTarget" beside "warmupSteps"',
      received: `warmupSteps: ${warmupSteps} alone`,
      next: 'Give warmupTarget, or leave warmupSteps out.',
    });
  }
  const highest = warmupTarget ?? initialLearningRate;
  const config = { initialLearningRate, decaySteps, alpha, warmupTarget: warmupTarget ?? null, warmupSteps };
  return namedSchedule('CosineDecay', config, (step) => {
    const length = filled(decaySteps);
    const since = warmupSteps === 0 ? step : maximum(sub(step, filled(warmupSteps)), filled(0));
    const down = between(highest, highest * alpha, halfCosine(div(minimum(since, length), length)));
    if (warmupSteps === 0) return down;
    const up = between(highest, initialLearningRate, mul(step, filled(1 / warmupSteps)));
    return select(less(step, filled(warmupSteps)), up, down);
  });
}
