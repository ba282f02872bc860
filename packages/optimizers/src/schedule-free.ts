import { checkNumber, checkOptions } from '@gradstream/core';
import { add, cast, div, mul, onesLike, sub, tidy, zeros } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkPart } from './internal/check-part.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { passScale, stepOf } from './internal/inner-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { copiesOf, entryOf, tensorEntry, weightEntries } from './internal/state-access.js';

/** Options of `scheduleFree`. */
export interface ScheduleFreeOptions {
  /** Share of the mean x in the weights, in (0, 1]. Default 0.9. */
  readonly beta1?: number;
}

/**
 * Training without a schedule: `inner` steps a point z, x is the mean of all z, and the weights y, at which gradients are taken, lie between them.
 *
 * In step t, from 1: `z' = z + update`, `x = (y - (1 - beta1) z) / beta1`, `x' = (1 - 1/t) x + z' / t`, `y' = (1 - beta1) z' + beta1 x'`. State: `inner`,
 * `step` (int32) and `z.{path}`, which begins as the weights. As in Keras, evaluation sees y. Throws `GS_OPTION_*` for bad options and `GS_OPTIMIZER_PART` for a bad inner part.
 * Source: Defazio et al., "The road less scheduled", 2024; Keras' formula, where every step has the same share in the mean; on
 * TensorFlow, Keras 3.15 reads the new z where the formula has the old one, so its numbers there differ.
 */
export function scheduleFree(inner: GradientTransformation, options: ScheduleFreeOptions = {}): GradientTransformation {
  const where = 'optimizers/scheduleFree';
  checkPart(where, inner);
  checkOptions(where, options, ['beta1']);
  const beta1 = checkNumber(where, 'beta1', options.beta1 ?? 0.9, { min: 0, max: 1, exclusive: 'min' });
  return scaledTransformation(
    where,
    (params) => ({ inner: inner.init(params), step: zeros([], 'int32'), z: copiesOf(params) }),
    (scaled, state, params) => {
      const old = weightEntries(where, state, 'z', params);
      const result = stepOf(inner, scaled, entryOf(state, 'inner') ?? {}, params);
      const updates = settle(result.updates);
      const step = tidy(() => {
        const before = tensorEntry(where, state, 'step');
        return add(before, onesLike(before));
      });
      const [share, rest] = [filled(beta1), filled(1 - beta1)];
      const own = tidy(() => div(filled(1), cast(step, 'float32')));
      const { z, update } = eachWeight(params, ['z', 'update'], (path, y) => {
        const newZ = add(old[path]!, updates[path]!);
        const x = div(sub(y, mul(old[path]!, rest)), share);
        const newX = add(x, mul(sub(newZ, x), own));
        return { z: newZ, update: sub(add(mul(newZ, rest), mul(newX, share)), y) };
      });
      return { updates: { tensors: update }, state: { inner: result.state, step, z } };
    },
    passScale(inner, (state) => entryOf(state, 'inner')),
  );
}
