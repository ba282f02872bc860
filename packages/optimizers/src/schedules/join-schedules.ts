import { describeValue, GradstreamError } from '@gradstream/core';
import { less, maximum, sub, where as select, type Scalar } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { checkBoundaries, checkList } from './internal/check-boundaries.js';
import { checkSchedule } from './internal/check-schedule.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/**
 * One schedule after another: the first before the step `boundaries[0]`, the next from there on, and so on. Each counts its steps from its own
 * beginning. A number stands for a constant rate.
 *
 * `boundaries` are growing steps, one fewer than schedules, else `GS_OPTION_VALUE`; `GS_OPTIMIZER_SCHEDULE` for what is no schedule.
 * Source: the function `join_schedules` of Optax.
 */
export function joinSchedules(schedules: readonly (number | Schedule)[], boundaries: readonly number[]): Schedule {
  const where = 'optimizers/schedules/joinSchedules';
  const joined = checkList(where, 'schedules', schedules).map((one) => checkSchedule(where, one));
  const ends = checkBoundaries(where, boundaries);
  if (joined.length !== ends.length + 1) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "boundaries" has a value that cannot be used',
      expected: `${joined.length - 1} steps, one fewer than schedules`,
      received: describeValue(boundaries),
      next: 'Give the step at which each schedule but the first begins.',
    });
  }
  const configs = joined.map(({ config }) => (config === undefined ? undefined : { ...config }));
  const known = configs.filter((config) => config !== undefined);
  const config = known.length === configs.length ? { schedules: known, boundaries: ends } : undefined;
  return namedSchedule('JoinSchedules', config, (step) =>
    ends.reduce((rate, begin, index) => {
      const own = joined[index + 1]!(maximum(sub(step, filled(begin)), filled(0)) as Scalar);
      return select(less(step, filled(begin)), rate, own) as Scalar;
    }, joined[0]!(step)),
  );
}
