import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByAdamax, scaleByAdamaxOptionNames, type ScaleByAdamaxOptions } from './scale-by-adamax.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `adamax`. The default learning rate is 0.001. */
export interface AdamaxOptions extends OptimizerOptions, ScaleByAdamaxOptions {}

/**
 * Adamax: `w -= learningRate * m / ((1 - beta1^t) * (u + epsilon))`, where u is the largest gradient of late.
 *
 * `chain(scaleByAdamax({ beta1, beta2, epsilon }), scaleByLearningRate(learningRate))` with clipping before and weight decay after it.
 * Keras' rule. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function adamax(options: AdamaxOptions = {}): GradientTransformation {
  const where = 'optimizers/adamax';
  checkRecipeOptions(where, options, scaleByAdamaxOptionNames);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  const own = { beta1, beta2, epsilon };
  const rule = (rate: number | Schedule): GradientTransformation[] => [scaleByAdamax(own), scaleByLearningRate(rate)];
  return recipe({ type: 'Adamax', where, options, learningRate: 0.001, own, rule });
}
