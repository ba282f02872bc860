import { checkBoolean, checkNumber, checkOptions } from '@gradstream/core';
import { div, floor, mul, pow } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  /** The rate of the first step, at least 0. */
  readonly initialLearningRate: number;
  /** Steps after which the rate is multiplied with `decayRate` once; above 0. */
  readonly decaySteps: number;
  /** The factor, above 0. */
  readonly decayRate: number;
  /** Decays in jumps, every `decaySteps`, instead of at every step. Default false. */
  readonly staircase?: boolean;
}

/**
 * `initialLearningRate * decayRate^(step / decaySteps)`; with `staircase` the exponent is rounded down. Keras' `ExponentialDecay`.
 *
 * Throws `GS_OPTION_*` for bad or missing options.
 */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const where = 'optimizers/schedules/exponentialDecay';
  checkOptions(where, options, ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase']);
  const initialLearningRate = checkNumber(where, 'initialLearningRate', options?.initialLearningRate, { min: 0 });
  const decaySteps = checkNumber(where, 'decaySteps', options.decaySteps, { min: 0, exclusive: 'min' });
  const decayRate = checkNumber(where, 'decayRate', options.decayRate, { min: 0, exclusive: 'min' });
  const staircase = checkBoolean(where, 'staircase', options.staircase ?? false);
  return namedSchedule('ExponentialDecay', { initialLearningRate, decaySteps, decayRate, staircase }, (step) => {
    const times = div(step, filled(decaySteps));
    return mul(filled(initialLearningRate), pow(filled(decayRate), staircase ? floor(times) : times));
  });
}
