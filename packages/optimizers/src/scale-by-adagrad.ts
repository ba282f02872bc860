import { checkNumber, checkOptions } from '@gradstream/core';
import { add, div, sqrt, square } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { fusedStep, hasKernel } from './internal/fused-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { constantFor, weightEntries } from './internal/state-access.js';

/** Options of `scaleByAdagrad`. */
export interface ScaleByAdagradOptions {
  /** The sum of squares before the first step, at least 0. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Keeps the division finite; above 0. Default 1e-7. Added inside the root. */
  readonly epsilon?: number;
}

/** The names of the options, for recipes. */
export const scaleByAdagradOptionNames: readonly string[] = ['initialAccumulatorValue', 'epsilon'];

/** The backend kernel that does it all. */
const KERNEL = 'GradstreamAdagrad';

/**
 * Adagrad's direction: the gradient over the root of the sum of all its squares, `v = v + g^2`, `g / sqrt(v + epsilon)`. Keras' formula.
 *
 * Runs the backend's kernel `GradstreamAdagrad` where there is one: the same numbers, one pass over memory.
 *
 * Throws `GS_OPTION_*` for bad options. Source: Duchi, Hazan, Singer, "Adaptive subgradient methods for online learning", 2011.
 */
export function scaleByAdagrad(options: ScaleByAdagradOptions = {}): GradientTransformation {
  const where = 'optimizers/scaleByAdagrad';
  checkOptions(where, options, scaleByAdagradOptionNames);
  const initial = checkNumber(where, 'initialAccumulatorValue', options.initialAccumulatorValue ?? 0.1, { min: 0 });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-7, { min: 0, exclusive: 'min' });

  return scaledTransformation(
    where,
    (params) => ({ v: constantFor(params, initial) }),
    (scaled, state, params, finish) => {
      const old = weightEntries(where, state, 'v', params);
      if (hasKernel(KERNEL)) {
        const attributes = { epsilon };
        return fusedStep({ kernel: KERNEL, attributes, gradients: scaled, params, memory: { v: old }, finish });
      }
      const gradients = settle(scaled);
      const offset = filled(epsilon);
      const { v, direction } = eachWeight(params, ['v', 'direction'], (path) => {
        const sum = add(old[path]!, square(gradients[path]!));
        return { v: sum, direction: div(gradients[path]!, sqrt(add(sum, offset))) };
      });
      return { updates: { tensors: direction }, state: { v } };
    },
    { takesFinish: () => hasKernel(KERNEL) },
  );
}
