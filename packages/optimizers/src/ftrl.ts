import {
  followRegularizedLeader,
  followRegularizedLeaderOptionNames,
  type FollowRegularizedLeaderOptions,
} from './follow-regularized-leader.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import type { OptimizerOptions } from './optimizer-options.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `ftrl`. The default learning rate is 0.001. */
export interface FtrlOptions extends OptimizerOptions, FollowRegularizedLeaderOptions {}

/**
 * FTRL: follow the regularized leader, with penalties that make weights exactly 0; see `followRegularizedLeader`.
 *
 * That part alone, with clipping and weight decay (`withDecayedWeights`) before it. Keras' rule. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function ftrl(options: FtrlOptions = {}): GradientTransformation {
  const where = 'optimizers/ftrl';
  checkRecipeOptions(where, options, followRegularizedLeaderOptionNames);
  const own = {
    learningRatePower: options.learningRatePower ?? -0.5,
    initialAccumulatorValue: options.initialAccumulatorValue ?? 0.1,
    l1RegularizationStrength: options.l1RegularizationStrength ?? 0,
    l2RegularizationStrength: options.l2RegularizationStrength ?? 0,
    l2ShrinkageRegularizationStrength: options.l2ShrinkageRegularizationStrength ?? 0,
    beta: options.beta ?? 0,
  };
  const rule = (rate: number | Schedule): GradientTransformation[] => [followRegularizedLeader(rate, own)];
  return recipe({ type: 'Ftrl', where, options, learningRate: 0.001, own, rule, decay: 'before' });
}
