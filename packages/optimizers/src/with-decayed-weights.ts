import { checkNumber, checkOptions } from '@gradstream/core';
import { add, mul, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { AddDecayedWeightsOptions } from './add-decayed-weights.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkPart } from './internal/check-part.js';
import { filled } from './internal/filled.js';
import { passScale, stepOf } from './internal/inner-step.js';
import { checkRate, initialRate, stepRate } from './internal/rate-state.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { entryOf } from './internal/state-access.js';
import { weightPredicate } from './internal/weight-patterns.js';

/** Options of `withDecayedWeights`: those of `addDecayedWeights`, with a learning rate that must be given. */
export type WithDecayedWeightsOptions = AddDecayedWeightsOptions &
  Required<Pick<AddDecayedWeightsOptions, 'learningRate'>>;

/**
 * Weight decay before the rule: `w' = w - learningRate * decay * w` is what `inner` takes for the weights. Its updates have the decay added.
 *
 * It is `addDecayedWeights` for rules that look at the weights, as Lamb, Adafactor, Ftrl and schedule-free ones; Keras always decays first.
 * Throws `GS_OPTION_*` for a negative decay or bad options and `GS_OPTIMIZER_PART` for a bad inner part.
 */
export function withDecayedWeights(
  inner: GradientTransformation,
  decay: number,
  options: WithDecayedWeightsOptions,
): GradientTransformation {
  const where = 'optimizers/withDecayedWeights';
  checkPart(where, inner);
  checkNumber(where, 'decay', decay, { min: 0 });
  checkOptions(where, options, ['learningRate', 'exclude']);
  const rate = checkRate(where, options?.learningRate);
  const exclude = weightPredicate(where, 'exclude', options.exclude ?? []);
  return scaledTransformation(
    where,
    (params) => ({ decay: initialRate(where, rate), inner: inner.init(params) }),
    (scaled, state, params) => {
      const { learningRate, next } = stepRate(where, rate, entryOf(state, 'decay') ?? {});
      const factor = tidy(() => mul(learningRate, filled(-decay)));
      const lost: Record<string, Tensor> = {};
      const decayed: Record<string, Tensor> = {};
      for (const [path, weight] of Object.entries(params)) {
        if (!exclude(path)) lost[path] = mul(weight, factor);
        decayed[path] = lost[path] === undefined ? weight : add(weight, lost[path]);
      }
      const result = stepOf(inner, scaled, entryOf(state, 'inner') ?? {}, decayed);
      const updates = Object.entries(settle(result.updates)).map(
        ([path, update]) => [path, lost[path] === undefined ? update : add(update, lost[path])] as const,
      );
      return { updates: { tensors: Object.fromEntries(updates) }, state: { decay: next, inner: result.state } };
    },
    passScale(inner, (state) => entryOf(state, 'inner')),
  );
}
