import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByLion, scaleByLionOptionNames, type ScaleByLionOptions } from './scale-by-lion.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `lion`. The default learning rate is 0.001. */
export interface LionOptions extends OptimizerOptions, ScaleByLionOptions {}

/**
 * Lion: `w -= learningRate * sign(m beta1 + g (1 - beta1))`. Its steps are large: take a learning rate 3 to 10 times smaller than Adam's.
 *
 * `chain(scaleByLion({ beta1, beta2 }), scaleByLearningRate(learningRate))` with clipping before and weight decay after it.
 * Keras' rule. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function lion(options: LionOptions = {}): GradientTransformation {
  const where = 'optimizers/lion';
  checkRecipeOptions(where, options, scaleByLionOptionNames);
  const { beta1 = 0.9, beta2 = 0.99 } = options;
  const own = { beta1, beta2 };
  const rule = (rate: number | Schedule): GradientTransformation[] => [scaleByLion(own), scaleByLearningRate(rate)];
  return recipe({ type: 'Lion', where, options, learningRate: 0.001, own, rule });
}
