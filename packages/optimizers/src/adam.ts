import { checkOptions } from '@gradstream/core';
import { chain } from './chain.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { clipping, weightDecay } from './internal/common-parts.js';
import { optimizerOptionNames, type OptimizerOptions } from './optimizer-options.js';
import { scaleByAdam, scaleByAdamOptionNames, type ScaleByAdamOptions } from './scale-by-adam.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';

/** Options of `adam`. The default learning rate is 0.001. */
export interface AdamOptions extends OptimizerOptions, ScaleByAdamOptions {}

/**
 * Adam: `w -= learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)`.
 *
 * `chain(scaleByAdam({ beta1, beta2, epsilon, amsgrad }), scaleByLearningRate(learningRate))` with clipping before and weight decay after it.
 * Keras' rule: epsilon is not bias-corrected. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function adam(options: AdamOptions = {}): GradientTransformation {
  const where = 'optimizers/adam';
  checkOptions(where, options, [...optimizerOptionNames, ...scaleByAdamOptionNames]);
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = options;
  return chain(
    ...clipping(where, options),
    scaleByAdam({ beta1, beta2, epsilon, amsgrad }),
    scaleByLearningRate(learningRate),
    ...weightDecay(options, learningRate),
  );
}
