import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByAdam, scaleByAdamOptionNames, type ScaleByAdamOptions } from './scale-by-adam.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `adam`. The default learning rate is 0.001. */
export interface AdamOptions extends OptimizerOptions, Omit<ScaleByAdamOptions, 'correctEpsilon'> {}

/**
 * Adam: `w -= learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)`.
 *
 * `chain(scaleByAdam({ beta1, beta2, epsilon, amsgrad }), scaleByLearningRate(learningRate))` with clipping before and weight decay after it.
 * Keras' rule: epsilon is not bias-corrected. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function adam(options: AdamOptions = {}): GradientTransformation {
  const where = 'optimizers/adam';
  checkRecipeOptions(where, options, scaleByAdamOptionNames);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = options;
  const own = { beta1, beta2, epsilon, amsgrad };
  const rule = (rate: number | Schedule): GradientTransformation[] => [scaleByAdam(own), scaleByLearningRate(rate)];
  return recipe({ type: 'Adam', where, options, learningRate: 0.001, own, rule });
}
