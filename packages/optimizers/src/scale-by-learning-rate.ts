import { mul, neg, tidy, type Scalar } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkRate, initialRate, stepRate } from './internal/rate-state.js';
import { scaledTransformation } from './internal/scaled-transformation.js';
import type { Schedule } from './schedules/schedule.js';

/**
 * Multiplies with `-learningRate`: turns a direction uphill into an update that goes down.
 *
 * The rate is the leaf `learningRate` of the state (a float32 scalar), so it can be changed between steps with `withLearningRate`. With a
 * schedule the state has the int32 scalar `scheduleStep` beside it, and `learningRate` is the schedule's value for the next step.
 * Throws `GS_OPTION_VALUE` for a number that is negative or not finite.
 */
export function scaleByLearningRate(learningRate: number | Schedule): GradientTransformation {
  const where = 'optimizers/scaleByLearningRate';
  const rate = checkRate(where, learningRate);
  return scaledTransformation(
    where,
    () => initialRate(where, rate),
    ({ tensors, factor }, state) => {
      const current = stepRate(where, rate, state);
      const down = tidy(() =>
        factor === undefined ? neg(current.learningRate) : mul(neg(current.learningRate), factor),
      ) as Scalar;
      return { updates: { tensors, factor: down }, state: current.next };
    },
    {
      finish: (state) => {
        const { learningRate: now, next } = stepRate(where, rate, state);
        return { finish: { factor: neg(now) as Scalar }, state: next };
      },
    },
  );
}
