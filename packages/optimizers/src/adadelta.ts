import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByAdadelta, scaleByAdadeltaOptionNames, type ScaleByAdadeltaOptions } from './scale-by-adadelta.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `adadelta`. The default learning rate is 0.001. */
export interface AdadeltaOptions extends OptimizerOptions, ScaleByAdadeltaOptions {}

/**
 * Adadelta: `w -= learningRate * g * sqrt(d + epsilon) / sqrt(v + epsilon)`; see `scaleByAdadelta`.
 *
 * `chain(scaleByAdadelta({ rho, epsilon }), scaleByLearningRate(learningRate))` with clipping before and weight decay after it.
 * Keras' rule. The paper's learning rate is 1; with Keras' default it goes very slowly. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function adadelta(options: AdadeltaOptions = {}): GradientTransformation {
  const where = 'optimizers/adadelta';
  checkRecipeOptions(where, options, scaleByAdadeltaOptionNames);
  const { rho = 0.95, epsilon = 1e-7 } = options;
  const own = { rho, epsilon };
  const rule = (rate: number | Schedule): GradientTransformation[] => [scaleByAdadelta(own), scaleByLearningRate(rate)];
  return recipe({ type: 'Adadelta', where, options, learningRate: 0.001, own, rule });
}
