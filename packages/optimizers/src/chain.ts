import { GradstreamError, describeValue } from '@gradstream/core';
import type {
  GradientTransformation,
  OptimizerState,
  ScaledTensors,
  ScaledUpdate,
  Tensors,
} from './gradient-transformation.js';
import { matchGradients } from './internal/match-gradients.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { entryOf } from './internal/state-access.js';

/**
 * Runs transformations one after another: what one gives is what the next takes. The state is `{ '0': state of the first, '1': ... }`.
 *
 * `chain()` of nothing passes gradients through. Throws `GS_OPTIMIZER_PART` for a part that is no transformation.
 * Source: the combinator of the same name in Optax.
 */
export function chain(...parts: readonly GradientTransformation[]): GradientTransformation {
  const where = 'optimizers/chain';
  parts.forEach((part, index) => checkPart(where, part, index));

  const init = (params: Tensors): OptimizerState =>
    Object.fromEntries(parts.map((part, index) => [String(index), part.init(params)]));

  const updateScaled = (gradients: ScaledTensors, state: OptimizerState, params: Tensors): ScaledUpdate => {
    let updates = gradients;
    const next: Record<string, OptimizerState> = {};
    parts.forEach((part, index) => {
      // Parts without a state leave nothing behind in a saved state: their entry may be missing.
      const own = entryOf(state, String(index)) ?? {};
      const result =
        part.updateScaled?.(updates, own, params) ?? plainUpdate(part, index, settle(updates), own, params);
      updates = result.updates;
      next[index] = result.state;
    });
    return { updates, state: next };
  };

  return scaledTransformation(where, init, updateScaled);
}

function plainUpdate(
  part: GradientTransformation,
  index: number,
  gradients: Tensors,
  state: OptimizerState,
  params: Tensors,
): ScaledUpdate {
  const result = part.update(gradients, state, params);
  return {
    updates: { tensors: matchGradients(`optimizers/chain part ${index}`, result.updates, params) },
    state: result.state,
  };
}

function checkPart(where: string, part: unknown, index: number): void {
  const candidate = part as Partial<GradientTransformation> | null | undefined;
  if (typeof candidate?.init === 'function' && typeof candidate.update === 'function') return;
  throw new GradstreamError('GS_OPTIMIZER_PART', {
    where,
    what: `Part ${index} is no gradient transformation`,
    expected: 'an object with init(params) and update(gradients, state, params)',
    received: describeValue(part),
    next:
      typeof part === 'function'
        ? 'Call it: the function gives the transformation.'
        : 'Pass the transformation itself.',
  });
}
