import { checkBoolean, checkNumber, checkOptions } from '@gradstream/core';
import { ceil, div, maximum, minimum, mul, pow, sub } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { between } from './internal/cosine.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions {
  /** The rate of the first step, at least 0. */
  readonly initialLearningRate: number;
  /** Steps until the end, above 0. */
  readonly decaySteps: number;
  /** The rate at the end, at least 0. Default 0.0001. */
  readonly endLearningRate?: number;
  /** The exponent, above 0: 1 goes down in a line, 0.5 late, 2 early. Default 1. */
  readonly power?: number;
  /** Stretches the way to the next multiple of `decaySteps` whenever the end is passed, instead of staying there. Default false. */
  readonly cycle?: boolean;
}

/**
 * `(initialLearningRate - endLearningRate) * (1 - min(step, d) / d)^power + endLearningRate` with d = decaySteps; with `cycle`
 * d = decaySteps * max(1, ceil(step / decaySteps)). Keras' `PolynomialDecay`.
 *
 * Throws `GS_OPTION_*` for bad or missing options.
 */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  const where = 'optimizers/schedules/polynomialDecay';
  checkOptions(where, options, ['initialLearningRate', 'decaySteps', 'endLearningRate', 'power', 'cycle']);
  const initialLearningRate = checkNumber(where, 'initialLearningRate', options?.initialLearningRate, { min: 0 });
  const decaySteps = checkNumber(where, 'decaySteps', options.decaySteps, { min: 0, exclusive: 'min' });
  const endLearningRate = checkNumber(where, 'endLearningRate', options.endLearningRate ?? 0.0001, { min: 0 });
  const power = checkNumber(where, 'power', options.power ?? 1, { min: 0, exclusive: 'min' });
  const cycle = checkBoolean(where, 'cycle', options.cycle ?? false);
  return namedSchedule(
    'PolynomialDecay',
    { initialLearningRate, decaySteps, endLearningRate, power, cycle },
    (step) => {
      const length = filled(decaySteps);
      const one = filled(1);
      const passed = div(step, length);
      const done = cycle ? div(step, mul(length, maximum(ceil(passed), one))) : minimum(passed, one);
      // Rounding may leave a share just below 0, of which no root can be taken.
      const left = maximum(sub(one, done), filled(0));
      return between(initialLearningRate, endLearningRate, pow(left, filled(power)));
    },
  );
}
