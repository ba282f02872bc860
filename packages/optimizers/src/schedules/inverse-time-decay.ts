import { checkBoolean, checkNumber, checkOptions } from '@gradstream/core';
import { add, div, floor, mul } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/** Options of `inverseTimeDecay`. */
export interface InverseTimeDecayOptions {
  /** The rate of the first step, at least 0. */
  readonly initialLearningRate: number;
  /** Steps after which the divisor has grown by `decayRate`; above 0. */
  readonly decaySteps: number;
  /** How much the divisor grows, at least 0. */
  readonly decayRate: number;
  /** Decays in jumps, every `decaySteps`, instead of at every step. Default false. */
  readonly staircase?: boolean;
}

/**
 * `initialLearningRate / (1 + decayRate * step / decaySteps)`; with `staircase` the quotient `step / decaySteps` is rounded down. Keras' `InverseTimeDecay`.
 *
 * Throws `GS_OPTION_*` for bad or missing options.
 */
export function inverseTimeDecay(options: InverseTimeDecayOptions): Schedule {
  const where = 'optimizers/schedules/inverseTimeDecay';
  checkOptions(where, options, ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase']);
  const initialLearningRate = checkNumber(where, 'initialLearningRate', options?.initialLearningRate, { min: 0 });
  const decaySteps = checkNumber(where, 'decaySteps', options.decaySteps, { min: 0, exclusive: 'min' });
  const decayRate = checkNumber(where, 'decayRate', options.decayRate, { min: 0 });
  const staircase = checkBoolean(where, 'staircase', options.staircase ?? false);
  return namedSchedule('InverseTimeDecay', { initialLearningRate, decaySteps, decayRate, staircase }, (step) => {
    const times = div(step, filled(decaySteps));
    const growth = mul(filled(decayRate), staircase ? floor(times) : times);
    return div(filled(initialLearningRate), add(growth, filled(1)));
  });
}
