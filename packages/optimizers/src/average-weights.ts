import { checkNumber, checkOptions } from '@gradstream/core';
import {
  add,
  cast,
  fill,
  greaterEqual,
  less,
  mod,
  mul,
  onesLike,
  sub,
  tidy,
  where as select,
  zeros,
  type Scalar,
} from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { tensorEntry, weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `averageWeights`. */
export interface AverageWeightsOptions {
  /** Share of the old mean in the new one, in [0, 1]. Default 0.99. */
  readonly momentum?: number;
  /** After so many steps the weights are replaced by their mean, an integer above 0. Default: never. */
  readonly overwriteFrequency?: number;
  /** Calls that make a step where gradients are accumulated before, an integer above 0. Default 1. */
  readonly callsPerStep?: number;
}

/**
 * An exponential running mean of the weights after each call: `a = momentum * a + (1 - momentum) * (w + update)`; in the first step `a = w + update`.
 * Updates pass through, but where the weights are to be overwritten: then the update is `a - w`.
 *
 * Put it last. `emaWeights(state)` gives the means, the leaves `average.{path}`. The mean is taken before a trainer's constraints, as in Keras'
 * `use_ema`. Throws `GS_OPTION_*` for bad options. Source: Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992.
 */
export function averageWeights(options: AverageWeightsOptions = {}): GradientTransformation {
  const where = 'optimizers/averageWeights';
  checkOptions(where, options, ['momentum', 'overwriteFrequency', 'callsPerStep']);
  const momentum = checkNumber(where, 'momentum', options.momentum ?? 0.99, { min: 0, max: 1 });
  const { overwriteFrequency } = options;
  if (overwriteFrequency !== undefined)
    checkNumber(where, 'overwriteFrequency', overwriteFrequency, { min: 1, integer: true });
  const callsPerStep = checkNumber(where, 'callsPerStep', options.callsPerStep ?? 1, { min: 1, integer: true });

  return scaledTransformation(
    where,
    (params) => ({ calls: zeros([], 'int32'), average: zerosFor(params) }),
    (scaled, state, params) => {
      const old = weightEntries(where, state, 'average', params);
      const calls = tensorEntry(where, state, 'calls');
      const updates = settle(scaled);
      const share = tidy(() => {
        const first = less(calls, fill([], callsPerStep, 'int32'));
        return select(first, filled(1), filled(1 - momentum));
      }) as Scalar;
      const { average } = eachWeight(params, ['average'], (path, before) => {
        const after = add(before, updates[path]!);
        return { average: add(old[path]!, mul(sub(after, old[path]!), share)) };
      });
      const next = { calls: tidy(() => add(calls, onesLike(calls))), average };
      if (overwriteFrequency === undefined) return { updates: { tensors: updates }, state: next };
      const overwrites = tidy(() => {
        const period = fill([], overwriteFrequency * callsPerStep, 'int32');
        const last = filled((overwriteFrequency - 1) * callsPerStep);
        return greaterEqual(cast(mod(calls, period), 'float32'), last);
      });
      const { update } = eachWeight(params, ['update'], (path, before) => ({
        update: select(overwrites, sub(average[path]!, before), updates[path]!),
      }));
      return { updates: { tensors: update }, state: next };
    },
  );
}
