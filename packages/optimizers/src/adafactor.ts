import { checkNumber } from '@gradstream/core';
import { clipByRms } from './clip-by-rms.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByFactoredRms } from './scale-by-factored-rms.js';
import { scaleByRelativeStep } from './scale-by-relative-step.js';
import { scaleByWeightRms } from './scale-by-weight-rms.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `adafactor`. The default learning rate is 0.001. */
export interface AdafactorOptions extends OptimizerOptions {
  /** The exponent c of the decay `1 - t^c` in step t, below 0. Default -0.8. */
  readonly beta2Decay?: number;
  /** Added to squared gradients; above 0. Default 1e-30. */
  readonly epsilon1?: number;
  /** The smallest root mean square of a weight that steps are relative to, at least 0. Default 0.001. */
  readonly epsilon2?: number;
  /** The largest root mean square of a direction; above 0. Default 1. */
  readonly clipThreshold?: number;
}

/**
 * Adafactor: steps relative to the weights, with little memory; `w -= min(learningRate, 1 / sqrt(t)) * max(epsilon2, rms(w)) * u / max(1, rms(u) / clipThreshold)`.
 *
 * `chain(scaleByFactoredRms({ beta2Decay, epsilon: epsilon1 }), clipByRms(clipThreshold), scaleByWeightRms(epsilon2), scaleByRelativeStep(learningRate))`
 * with clipping and weight decay (`withDecayedWeights`) before it. Keras' rule; its `relative_step` is no option here, as it changes no number
 * in Keras either: the learning rate is at most `1 / sqrt(t)` in any case. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function adafactor(options: AdafactorOptions = {}): GradientTransformation {
  const where = 'optimizers/adafactor';
  checkRecipeOptions(where, options, ['beta2Decay', 'epsilon1', 'epsilon2', 'clipThreshold']);
  const { beta2Decay = -0.8, epsilon2 = 1e-3, clipThreshold = 1 } = options;
  const epsilon1 = checkNumber(where, 'epsilon1', options.epsilon1 ?? 1e-30, { min: 0, exclusive: 'min' });
  const rule = (rate: number | Schedule): GradientTransformation[] => [
    scaleByFactoredRms({ beta2Decay, epsilon: epsilon1 }),
    clipByRms(clipThreshold),
    scaleByWeightRms(epsilon2),
    scaleByRelativeStep(rate),
  ];
  const own = { beta2Decay, epsilon1, epsilon2, clipThreshold, relativeStep: true };
  return recipe({ type: 'Adafactor', where, options, learningRate: 0.001, own, rule, decay: 'before' });
}
