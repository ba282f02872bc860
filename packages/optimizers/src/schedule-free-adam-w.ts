import { checkNumber } from '@gradstream/core';
import { minimum, mul, add, type Scalar } from '@tensorflow/tfjs-core';
import { chain } from './chain.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { filled } from './internal/filled.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByAdam } from './scale-by-adam.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import { scaleBySchedule } from './scale-by-schedule.js';
import { scheduleFree } from './schedule-free.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `scheduleFreeAdamW`. The default learning rate is 0.0025; Keras' class has no weight decay by default, whatever its name. */
export interface ScheduleFreeAdamWOptions extends OptimizerOptions {
  /** Share of the mean in the weights, in (0, 1]. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite; above 0. Default 1e-8. Added after the bias correction. */
  readonly epsilon?: number;
  /** Steps in which the learning rate goes up from 0 in a line, an integer of at least 0. Default 0. */
  readonly warmupSteps?: number;
}

/**
 * AdamW without a schedule: a mean of all points takes the place of a learning rate that goes down; see `scheduleFree`.
 *
 * `scheduleFree(chain(scaleByAdam({ beta1: 0, beta2, epsilon, correctEpsilon: true }), scaleBySchedule(warm-up), scaleByLearningRate(learningRate)), { beta1 })`
 * with clipping and weight decay (`withDecayedWeights`) before it. Keras' rule. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function scheduleFreeAdamW(options: ScheduleFreeAdamWOptions = {}): GradientTransformation {
  const where = 'optimizers/scheduleFreeAdamW';
  checkRecipeOptions(where, options, ['beta1', 'beta2', 'epsilon', 'warmupSteps']);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const warmupSteps = checkNumber(where, 'warmupSteps', options.warmupSteps ?? 0, { min: 0, integer: true });
  const warmUp = (step: Scalar): Scalar =>
    minimum(mul(add(step, filled(1)), filled(1 / warmupSteps)), filled(1)) as Scalar;
  const rule = (rate: number | Schedule): GradientTransformation[] => [
    scheduleFree(
      chain(
        scaleByAdam({ beta1: 0, beta2, epsilon, correctEpsilon: true }),
        ...(warmupSteps === 0 ? [] : [scaleBySchedule(warmUp)]),
        scaleByLearningRate(rate),
      ),
      { beta1 },
    ),
  ];
  const own = { beta1, beta2, epsilon, warmupSteps };
  return recipe({ type: 'ScheduleFreeAdamW', where, options, learningRate: 0.0025, own, rule, decay: 'before' });
}
