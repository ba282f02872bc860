import { mul, type Scalar } from '@tensorflow/tfjs-core';
import type {
  Finish,
  GradientTransformation,
  OptimizerState,
  ScaledTensors,
  ScaledUpdate,
  Tensors,
} from './gradient-transformation.js';
import { checkPart } from './internal/check-part.js';
import { stepOf } from './internal/inner-step.js';
import { scaledTransformation } from './internal/scaled-transformation.js';
import { entryOf } from './internal/state-access.js';

/**
 * Runs transformations one after another: what one gives is what the next takes. The state is `{ '0': state of the first, '1': ... }`.
 *
 * `chain()` of nothing passes gradients through. Throws `GS_OPTIMIZER_PART` for a part that is no transformation.
 * Source: the combinator of the same name in Optax.
 */
export function chain(...parts: readonly GradientTransformation[]): GradientTransformation {
  const where = 'optimizers/chain';
  parts.forEach((part, index) => checkPart(where, part, `Part ${index}`));

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
        part.updateScaled?.(updates, own, params, finish) ??
        stepOf(part, updates, own, params, `${where} part ${first}`);
      updates = result.updates;
      applied = result.applied === true;
      next[first] = result.state;
    }
    return { updates, state: next, applied };
  };

  const scaling = parts.flatMap(({ lossScale }, index) => (lossScale === undefined ? [] : [{ lossScale, index }]));
  if (scaling.length === 0) return scaledTransformation(where, init, updateScaled);
  const lossScale = (state: OptimizerState): Scalar =>
    scaling
      .map((part) => part.lossScale(entryOf(state, String(part.index)) ?? {}))
      .reduce((product, scale) => mul(product, scale) as Scalar);
  return scaledTransformation(where, init, updateScaled, { lossScale });
}

function joined(first: Finish | undefined, second: Finish): Finish {
  if (first?.factor === undefined) return { ...first, ...second };
  return {
    ...second,
    factor: second.factor === undefined ? first.factor : (mul(second.factor, first.factor) as Scalar),
  };
}
