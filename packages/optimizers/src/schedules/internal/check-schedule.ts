import { describeValue, GradstreamError } from '@gradstream/core';
import { constant } from '../constant.js';
import type { Schedule } from '../schedule.js';

/** Returns a schedule; a number stands for a constant one. Throws `GS_OPTIMIZER_SCHEDULE` for anything else. */
export function checkSchedule(where: string, schedule: unknown): Schedule {
  if (typeof schedule === 'function') return schedule as Schedule;
  if (typeof schedule === 'number') return constant(schedule);
  throw new GradstreamError('GS_OPTIMIZER_SCHEDULE', {
    where,
    what: 'This is no learning-rate schedule',
    expected: 'a number, or a function from a step to a scalar',
    received: describeValue(schedule),
    next: 'Pass for example 0.001 or cosineDecay({ initialLearningRate: 0.001, decaySteps: 1000 }).',
  });
}
