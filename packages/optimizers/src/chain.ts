import { GradstreamError, describeValue } from '@gradstream/core';
import { mul, type Scalar } from '@tensorflow/tfjs-core';
import type {
  Finish,
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

  const updateScaled = (
    gradients: ScaledTensors,
    state: OptimizerState,
    params: Tensors,
    whole?: Finish,
  ): ScaledUpdate => {
    let updates = gradients;
    let applied = false;
    const next: Record<string, OptimizerState> = {};
    // Parts without a state leave nothing behind in a saved state: their entry may be missing.
    const stateOf = (index: number): OptimizerState => entryOf(state, String(index)) ?? {};
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index]!;
      const own = stateOf(index);
      const first = index;
      let finish: Finish | undefined;
      if (part.takesFinish?.() === true) {
        // What the parts after this one do to any direction goes into the same pass over memory. Nothing is added to a decayed weight's part.
        while (finish?.decay === undefined && parts[index + 1]?.finish !== undefined) {
          index++;
          const more = parts[index]!.finish!(stateOf(index));
          finish = joined(finish, more.finish);
          next[index] = more.state;
        }
        // Nothing comes after: the same pass can change the weights.
        if (whole?.inPlace === true && index === parts.length - 1) finish = { ...finish, inPlace: true };
      }
      const result =
        part.updateScaled?.(updates, own, params, finish) ?? plainUpdate(part, first, settle(updates), own, params);
      updates = result.updates;
      applied = result.applied === true;
      next[first] = result.state;
    }
    return { updates, state: next, applied };
  };

  return scaledTransformation(where, init, updateScaled);
}

function joined(first: Finish | undefined, second: Finish): Finish {
  if (first?.factor === undefined) return { ...first, ...second };
  return {
    ...second,
    factor: second.factor === undefined ? first.factor : (mul(second.factor, first.factor) as Scalar),
  };
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
