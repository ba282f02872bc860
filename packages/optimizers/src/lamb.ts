import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByAdam } from './scale-by-adam.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import { scaleByTrustRatio } from './scale-by-trust-ratio.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `lamb`. The default learning rate is 0.001. */
export interface LambOptions extends OptimizerOptions {
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite; above 0. Default 1e-7. Added after the bias correction. */
  readonly epsilon?: number;
}

/**
 * LAMB: Adam whose step of each weight has the weight's norm, `w -= learningRate * norm(w) / norm(u) * u`.
 *
 * `chain(scaleByAdam({ beta1, beta2, epsilon, correctEpsilon: true }), scaleByTrustRatio(), scaleByLearningRate(learningRate))` with clipping and weight
 * decay (`withDecayedWeights`) before it. Keras' rule: the paper decays inside of u. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function lamb(options: LambOptions = {}): GradientTransformation {
  const where = 'optimizers/lamb';
  checkRecipeOptions(where, options, ['beta1', 'beta2', 'epsilon']);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  const own = { beta1, beta2, epsilon };
  const rule = (rate: number | Schedule): GradientTransformation[] => [
    scaleByAdam({ ...own, correctEpsilon: true }),
    scaleByTrustRatio(),
    scaleByLearningRate(rate),
  ];
  return recipe({ type: 'Lamb', where, options, learningRate: 0.001, own, rule, decay: 'before' });
}
