import { add, cast, mul, onesLike, tidy, zeros, type Scalar } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { scaledTransformation } from './internal/scaled-transformation.js';
import { tensorEntry } from './internal/state-access.js';
import { checkSchedule } from './schedules/internal/check-schedule.js';
import type { Schedule } from './schedules/schedule.js';

/**
 * Multiplies everything with a factor that depends on the step: `schedule(step)`, where the first step is 0. It is no learning rate: `learningRateOf`
 * does not see it, and the rate beside it can still be changed.
 *
 * Throws `GS_OPTIMIZER_SCHEDULE` for what is no schedule.
 */
export function scaleBySchedule(schedule: Schedule): GradientTransformation {
  const where = 'optimizers/scaleBySchedule';
  const factorAt = checkSchedule(where, schedule);
  return scaledTransformation(
    where,
    () => ({ step: zeros([], 'int32') }),
    ({ tensors, factor }, state) => {
      const step = tensorEntry(where, state, 'step');
      const now = tidy(() => {
        const own = factorAt(cast(step, 'float32') as Scalar);
        return factor === undefined ? own : mul(own, factor);
      }) as Scalar;
      return { updates: { tensors, factor: now }, state: { step: tidy(() => add(step, onesLike(step))) } };
    },
  );
}
