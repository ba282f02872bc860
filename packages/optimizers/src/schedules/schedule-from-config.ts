import { checkOptions, GradstreamError, describeValue, lookup, type Config, type Json } from '@gradstream/core';
import { isConfig } from '../internal/is-config.js';
import { constant } from './constant.js';
import { cosineDecay } from './cosine-decay.js';
import { cosineDecayRestarts } from './cosine-decay-restarts.js';
import { exponentialDecay } from './exponential-decay.js';
import { inverseTimeDecay } from './inverse-time-decay.js';
import { joinSchedules } from './join-schedules.js';
import { oneCycle } from './one-cycle.js';
import { piecewiseConstantDecay } from './piecewise-constant-decay.js';
import { polynomialDecay } from './polynomial-decay.js';
import type { Schedule } from './schedule.js';
import { warmUp } from './warm-up.js';

type Options = Readonly<Record<string, Json>>;

const byType: Readonly<Record<string, (options: never) => Schedule>> = {
  ExponentialDecay: exponentialDecay,
  InverseTimeDecay: inverseTimeDecay,
  PolynomialDecay: polynomialDecay,
  PiecewiseConstantDecay: piecewiseConstantDecay,
  CosineDecay: cosineDecay,
  CosineDecayRestarts: cosineDecayRestarts,
  OneCycle: oneCycle,
  Constant: (options: Options) => {
    checkOptions('optimizers/schedules/constant', options, ['rate']);
    return constant(options['rate'] as number);
  },
  WarmUp: (options: Options) => {
    checkOptions('optimizers/schedules/warmUp', options, ['schedule', 'steps', 'from']);
    return warmUp(schedule(options['schedule'] as never), options['steps'] as number, options['from'] as number);
  },
  JoinSchedules: (options: Options) => {
    checkOptions('optimizers/schedules/joinSchedules', options, ['schedules', 'boundaries']);
    const { schedules, boundaries } = options;
    return joinSchedules(
      Array.isArray(schedules) ? schedules.map((one: Json) => schedule(one as never)) : (schedules as never),
      boundaries as never,
    );
  },
};

/**
 * The schedule of a config: `{ type, config }` with the name of Keras' class and its arguments in camelCase; `name` and arguments that are
 * null are left out. A function is given back as it is.
 *
 * Throws `GS_OPTIMIZER_SCHEDULE` for anything else, and what the schedule itself throws.
 */
export function schedule(configOrSchedule: Config | Schedule): Schedule {
  const where = 'optimizers/schedules/schedule';
  if (typeof configOrSchedule === 'function') return configOrSchedule;
  if (!isConfig(configOrSchedule)) {
    throw new GradstreamError('GS_OPTIMIZER_SCHEDULE', {
      where,
      what: 'This is no learning-rate schedule',
      expected: 'a config { type, config }, or a function from a step to a scalar',
      received: describeValue(configOrSchedule),
      next: 'Pass what the property "config" of a schedule held.',
    });
  }
  const { type, config } = configOrSchedule;
  const restore = lookup(byType, type, { code: 'GS_OPTIMIZER_SCHEDULE', where, kind: 'schedule' });
  const given = Object.entries(config).filter(([name, value]) => name !== 'name' && value !== null);
  return restore(Object.fromEntries(given) as never);
}
