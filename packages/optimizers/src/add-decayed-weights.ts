import { checkNumber, checkOptions } from '@gradstream/core';
import { add, mul, tidy, type Scalar } from '@tensorflow/tfjs-core';
import type { Finish, GradientTransformation, OptimizerState } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { fusedStep, hasKernel, SGD_KERNEL } from './internal/fused-step.js';
import { checkRate, initialRate, stepRate } from './internal/rate-state.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { weightPredicate, type WeightPatterns } from './internal/weight-patterns.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `addDecayedWeights`. */
export interface AddDecayedWeightsOptions {
  /** Adds `-learningRate * decay * w` to finished updates instead of `decay * w` to a direction. A rate of its own, with its own state. */
  readonly learningRate?: number | Schedule;
  /** Which weights do not decay: a function of the path, or a list of texts and regular expressions. Default: all decay, biases too, as in Keras. */
  readonly exclude?: WeightPatterns;
}

/**
 * Weight decay that stays out of momentum and of running means (decoupled).
 *
 * Without `learningRate` it adds `decay * w`: put it before `scaleByLearningRate`. With `learningRate` it adds `-learningRate * decay * w`: put
 * it last, after `accumulateMomentum`, as the recipes do. Both are Keras' rule `w -= learningRate * decay * w`.
 * Throws `GS_OPTION_*` for a negative decay or bad options. Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
 */
export function addDecayedWeights(decay: number, options: AddDecayedWeightsOptions = {}): GradientTransformation {
  const where = 'optimizers/addDecayedWeights';
  checkNumber(where, 'decay', decay, { min: 0 });
  checkOptions(where, options, ['learningRate', 'exclude']);
  const exclude = weightPredicate(where, 'exclude', options.exclude ?? []);
  const rate = options.learningRate === undefined ? undefined : checkRate(where, options.learningRate);

  const finishOf = (state: OptimizerState): { finish: Finish & { decay: Scalar }; state: OptimizerState } => {
    const current = rate === undefined ? undefined : stepRate(where, rate, state);
    const factor = current === undefined ? filled(decay) : tidy(() => mul(current.learningRate, filled(-decay)));
    return { finish: { decay: factor as Scalar, decays: (path) => !exclude(path) }, state: current?.next ?? {} };
  };

  return scaledTransformation(
    where,
    () => (rate === undefined ? {} : initialRate(where, rate)),
    (scaled, state, params) => {
      const { finish, state: next } = finishOf(state);
      if (hasKernel(SGD_KERNEL)) {
        const call = { kernel: SGD_KERNEL, attributes: {}, gradients: scaled, params, memory: {}, finish };
        return { updates: fusedStep(call).updates, state: next };
      }
      const incoming = settle(scaled);
      const decayed = Object.fromEntries(Object.entries(params).filter(([path]) => !exclude(path)));
      const { sum } = eachWeight(decayed, ['sum'], (path, weight) => ({
        sum: add(incoming[path]!, mul(weight, finish.decay)),
      }));
      return { updates: { tensors: { ...incoming, ...sum } }, state: next };
    },
    { finish: finishOf },
  );
}
