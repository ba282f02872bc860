import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByAdagrad, scaleByAdagradOptionNames, type ScaleByAdagradOptions } from './scale-by-adagrad.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `adagrad`. The default learning rate is 0.001. */
export interface AdagradOptions extends OptimizerOptions, ScaleByAdagradOptions {}

/**
 * Adagrad: `w -= learningRate * g / sqrt(v + epsilon)`, where v is the sum of all squared gradients.
 *
 * `chain(scaleByAdagrad({ initialAccumulatorValue, epsilon }), scaleByLearningRate(learningRate))` with clipping before and weight decay after it.
 * Keras' rule. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function adagrad(options: AdagradOptions = {}): GradientTransformation {
  const where = 'optimizers/adagrad';
  checkRecipeOptions(where, options, scaleByAdagradOptionNames);
  const { initialAccumulatorValue = 0.1, epsilon = 1e-7 } = options;
  const own = { initialAccumulatorValue, epsilon };
  const rule = (rate: number | Schedule): GradientTransformation[] => [scaleByAdagrad(own), scaleByLearningRate(rate)];
  return recipe({ type: 'Adagrad', where, options, learningRate: 0.001, own, rule });
}
