import { checkNumber, checkOptions } from '@gradstream/core';
import { add, equal, fill, mod, mul, onesLike, sub, tidy, where as select, zeros } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkPart } from './internal/check-part.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { passScale, stepOf } from './internal/inner-step.js';
import { nestedConfig } from './internal/nested-config.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { copiesOf, entryOf, tensorEntry, weightEntries } from './internal/state-access.js';

/** Options of `lookahead`. */
export interface LookaheadOptions {
  /** Steps of the fast weights between two of the slow ones, an integer above 0. Default 5. */
  readonly steps?: number;
  /** How far the slow weights go towards the fast ones, in [0, 1]. Default 0.5. */
  readonly alpha?: number;
}

/**
 * Lets `inner` run ahead: after every `steps` steps slow weights go `s += alpha * (w - s)`, and the weights go back to them.
 *
 * State: `inner`, `calls` (int32) and the slow weights, `slow.{path}`, which begin as the weights. Throws `GS_OPTION_*` for bad options and
 * `GS_OPTIMIZER_PART` for a bad inner part. Not in Keras. Source: Zhang, Lucas, Hinton, Ba, "Lookahead optimizer: k steps forward, 1 step back", 2019.
 */
export function lookahead(inner: GradientTransformation, options: LookaheadOptions = {}): GradientTransformation {
  const where = 'optimizers/lookahead';
  checkPart(where, inner);
  checkOptions(where, options, ['steps', 'alpha']);
  const steps = checkNumber(where, 'steps', options.steps ?? 5, { min: 1, integer: true });
  const alpha = checkNumber(where, 'alpha', options.alpha ?? 0.5, { min: 0, max: 1 });
  const own = scaledTransformation(
    where,
    (params) => ({ inner: inner.init(params), calls: zeros([], 'int32'), slow: copiesOf(params) }),
    (scaled, state, params) => {
      const old = weightEntries(where, state, 'slow', params);
      const result = stepOf(inner, scaled, entryOf(state, 'inner') ?? {}, params);
      const updates = settle(result.updates);
      const calls = tidy(() => {
        const before = tensorEntry(where, state, 'calls');
        return add(before, onesLike(before));
      });
      const returns = tidy(() => equal(mod(calls, fill([], steps, 'int32')), fill([], 0, 'int32')));
      const share = filled(alpha);
      const { slow, update } = eachWeight(params, ['slow', 'update'], (path, weight) => {
        const ahead = sub(add(weight, updates[path]!), old[path]!);
        const moved = add(old[path]!, mul(ahead, share));
        return {
          slow: select(returns, moved, old[path]!),
          update: select(returns, sub(moved, weight), updates[path]!),
        };
      });
      return { updates: { tensors: update }, state: { inner: result.state, calls, slow } };
    },
    passScale(inner, (state) => entryOf(state, 'inner')),
  );
  return { ...own, ...nestedConfig('Lookahead', inner, (config) => ({ optimizer: config, steps, alpha })) };
}
