import { checkBoolean, checkNumber, GradstreamError } from '@gradstream/core';
import { accumulateMomentum } from './accumulate-momentum.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `sgd`. The default learning rate is 0.01. */
export interface SgdOptions extends OptimizerOptions {
  /** Share of the last update that is kept, in [0, 1]. Default 0. */
  readonly momentum?: number;
  /** Looks ahead along the momentum. Needs a momentum above 0. Default false. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent: `v = momentum * v - learningRate * g`, `w += v`; Nesterov: `w += momentum * v - learningRate * g`.
 *
 * `chain(scaleByLearningRate(learningRate), accumulateMomentum(momentum, { nesterov }))` with clipping before and weight decay after it.
 * Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`. Keras' rule; Keras ignores `nesterov` without momentum, here it is an error.
 */
export function sgd(options: SgdOptions = {}): GradientTransformation {
  const where = 'optimizers/sgd';
  checkRecipeOptions(where, options, ['momentum', 'nesterov']);
  const momentum = checkNumber(where, 'momentum', options.momentum ?? 0, { min: 0, max: 1 });
  const nesterov = checkBoolean(where, 'nesterov', options.nesterov ?? false);
  if (nesterov && momentum === 0) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'Nesterov momentum needs a momentum',
      expected: '"momentum" above 0',
      received: 'momentum: 0, nesterov: true',
      next: 'Give a momentum, for example 0.9, or leave nesterov out.',
    });
  }
  const rule = (rate: number | Schedule): GradientTransformation[] => [
    scaleByLearningRate(rate),
    ...(momentum > 0 ? [accumulateMomentum(momentum, { nesterov })] : []),
  ];
  return recipe({ type: 'SGD', where, options, learningRate: 0.01, own: { momentum, nesterov }, rule });
}
