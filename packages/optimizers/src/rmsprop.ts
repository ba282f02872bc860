import { checkNumber } from '@gradstream/core';
import { accumulateMomentum } from './accumulate-momentum.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import { scaleByRms, scaleByRmsOptionNames, type ScaleByRmsOptions } from './scale-by-rms.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `rmsprop`. The default learning rate is 0.001. */
export interface RmspropOptions extends OptimizerOptions, ScaleByRmsOptions {
  /** Share of the last update that is kept, in [0, 1]. Default 0. */
  readonly momentum?: number;
}

/**
 * RMSprop: `w -= learningRate * g / sqrt(v + epsilon)`, with momentum on the updates.
 *
 * `chain(scaleByRms({ rho, epsilon, centered }), scaleByLearningRate(learningRate), accumulateMomentum(momentum))` with clipping before and
 * weight decay after it. Keras' rule. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function rmsprop(options: RmspropOptions = {}): GradientTransformation {
  const where = 'optimizers/rmsprop';
  checkRecipeOptions(where, options, [...scaleByRmsOptionNames, 'momentum']);
  const { rho = 0.9, epsilon = 1e-7, centered = false } = options;
  const momentum = checkNumber(where, 'momentum', options.momentum ?? 0, { min: 0, max: 1 });
  const rule = (rate: number | Schedule): GradientTransformation[] => [
    scaleByRms({ rho, epsilon, centered }),
    scaleByLearningRate(rate),
    ...(momentum > 0 ? [accumulateMomentum(momentum)] : []),
  ];
  const own = { rho, momentum, epsilon, centered };
  return recipe({ type: 'RMSprop', where, options, learningRate: 0.001, own, rule });
}
