import { add, cast, minimum, mul, neg, onesLike, rsqrt, tidy, zeros, type Scalar } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkRate, initialRate, stepRate } from './internal/rate-state.js';
import { scaledTransformation } from './internal/scaled-transformation.js';
import { tensorEntry } from './internal/state-access.js';
import type { Schedule } from './schedules/schedule.js';

/**
 * Multiplies with `-min(learningRate, 1 / sqrt(t))`, where t is 1 for the first step: a learning rate with a ceiling that goes down. Adafactor's.
 *
 * The rate is the leaf `learningRate` of the state, as that of `scaleByLearningRate`. Throws `GS_OPTION_VALUE` for a bad rate.
 * Source: Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018; Keras' formula.
 */
export function scaleByRelativeStep(learningRate: number | Schedule): GradientTransformation {
  const where = 'optimizers/scaleByRelativeStep';
  const rate = checkRate(where, learningRate);
  return scaledTransformation(
    where,
    () => ({ ...initialRate(where, rate), step: zeros([], 'int32') }),
    ({ tensors, factor }, state) => {
      const current = stepRate(where, rate, state);
      const step = tidy(() => {
        const old = tensorEntry(where, state, 'step');
        return add(old, onesLike(old));
      });
      const down = tidy(() => {
        const capped = neg(minimum(current.learningRate, rsqrt(cast(step, 'float32'))));
        return factor === undefined ? capped : mul(capped, factor);
      }) as Scalar;
      return { updates: { tensors, factor: down }, state: { ...current.next, step } };
    },
  );
}
