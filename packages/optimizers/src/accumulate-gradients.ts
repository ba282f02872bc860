import { checkNumber } from '@gradstream/core';
import { add, cast, Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type {
  GradientTransformation,
  OptimizerState,
  ScaledTensors,
  ScaledUpdate,
  Tensors,
} from './gradient-transformation.js';
import { checkPart } from './internal/check-part.js';
import { filled } from './internal/filled.js';
import { passScale, stepOf } from './internal/inner-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { badState, entryOf, weightEntries } from './internal/state-access.js';

/**
 * Collects gradients and lets `inner` see the mean of every `steps` of them: the calls between give updates of 0. Like a batch that is `steps` times larger.
 *
 * How many gradients are collected stands in the name of their sum, `sum.{count}.{path}`, and nothing is collected right after a step. So the calls
 * between cost one addition a weight, nothing is read back, and a saved state goes on where it stopped. Whoever captures a step once to
 * replay it captures one for each count. `steps` is an integer of at least 2, else `GS_OPTION_VALUE`; `GS_OPTIMIZER_PART` for a bad inner part.
 * Keras' `gradient_accumulation_steps` is the same with clipping and decay inside; a schedule inside counts steps, in the recipes calls.
 */
export function accumulateGradients(steps: number, inner: GradientTransformation): GradientTransformation {
  const where = 'optimizers/accumulateGradients';
  checkNumber(where, 'steps', steps, { min: 2, integer: true });
  checkPart(where, inner);
  return scaledTransformation(
    where,
    (params) => ({ inner: inner.init(params) }),
    (scaled, state, params): ScaledUpdate => {
      const { count, sum } = collected(where, state, params, steps);
      const own = entryOf(state, 'inner') ?? {};
      const gradients = settle(scaled);
      const together = Object.fromEntries(
        Object.keys(params).map((path) => [path, plus(sum?.[path], gradients[path]!)]),
      );
      if (count + 1 === steps) {
        const mean: ScaledTensors = { tensors: together, factor: filled(1 / steps) };
        const result = stepOf(inner, mean, own, params);
        return { updates: result.updates, state: { inner: result.state } };
      }
      const none = Object.fromEntries(Object.entries(params).map(([path, weight]) => [path, zerosLike(weight)]));
      return { updates: { tensors: none }, state: { inner: own, sum: { [count + 1]: together } } };
    },
    passScale(inner, (state) => entryOf(state, 'inner')),
  );
}

interface Collected {
  readonly count: number;
  readonly sum?: Tensors;
}

function collected(where: string, state: OptimizerState, params: Tensors, steps: number): Collected {
  const sums = entryOf(state, 'sum');
  if (sums === undefined) return { count: 0 };
  const [name = '', ...more] = sums instanceof Tensor ? [] : Object.keys(sums);
  const count = Number(name);
  if (more.length > 0 || !/^[1-9]\d*$/.test(name) || count >= steps)
    throw badState(where, 'sum', `the sum of fewer than ${steps} gradients`, sums);
  return { count, sum: weightEntries(where, sums, name, params) };
}

/** A tensor of its own in any case, as the state owns it: casting to the same type makes another handle of the same numbers. */
function plus(sum: Tensor | undefined, gradient: Tensor): Tensor {
  return tidy(() => {
    const float = cast(gradient, 'float32');
    return sum === undefined ? float : add(sum, float);
  });
}
