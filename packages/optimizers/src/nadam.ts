import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByNadam, scaleByNadamOptionNames, type ScaleByNadamOptions } from './scale-by-nadam.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `nadam`. The default learning rate is 0.001. */
export interface NadamOptions extends OptimizerOptions, ScaleByNadamOptions {}

/**
 * Nadam: Adam with Nesterov momentum, `w -= learningRate * (u' m / (1 - P u') + (1 - u) g / (1 - P)) / (sqrt(v / (1 - beta2^t)) + epsilon)`; see `scaleByNadam`.
 *
 * `chain(scaleByNadam({ beta1, beta2, epsilon }), scaleByLearningRate(learningRate))` with clipping before and weight decay after it.
 * Keras' rule. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function nadam(options: NadamOptions = {}): GradientTransformation {
  const where = 'optimizers/nadam';
  checkRecipeOptions(where, options, scaleByNadamOptionNames);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  const own = { beta1, beta2, epsilon };
  const rule = (rate: number | Schedule): GradientTransformation[] => [scaleByNadam(own), scaleByLearningRate(rate)];
  return recipe({ type: 'Nadam', where, options, learningRate: 0.001, own, rule });
}
