import { checkBoolean, checkNumber, checkOptions } from '@gradstream/core';
import { add, div, mul, sqrt, square, sub } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { fusedStep, hasKernel } from './internal/fused-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `scaleByRms`. */
export interface ScaleByRmsOptions {
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.9. */
  readonly rho?: number;
  /** Keeps the division finite; above 0. Default 1e-7. Added inside the root, as in Keras; PyTorch adds it outside. */
  readonly epsilon?: number;
  /** Divides by the running standard deviation instead: the mean of gradients is taken off. Default false. */
  readonly centered?: boolean;
}

/** The names of the options, for recipes. */
export const scaleByRmsOptionNames: readonly string[] = ['rho', 'epsilon', 'centered'];

/** The backend kernel that does it all. */
const KERNEL = 'GradstreamRmsprop';

/**
 * RMSprop's direction: the gradient over the root of the running mean of its squares.
 *
 * Keras' formula: `v = rho v + (1 - rho) g^2`, direction `g / sqrt(v + epsilon)`; centered: `a = rho a + (1 - rho) g`, `g / sqrt(v - a^2 + epsilon)`.
 * The state holds sums instead of means, which saves a kernel a weight: `v` and `a` are Keras' divided by `1 - rho`.
 *
 * Runs the backend's kernel `GradstreamRmsprop` where there is one: the same numbers, one pass over memory.
 *
 * Throws `GS_OPTION_*` for bad options. Source: Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012; Graves,
 * "Generating sequences with recurrent neural networks", 2013 (centered).
 */
export function scaleByRms(options: ScaleByRmsOptions = {}): GradientTransformation {
  const where = 'optimizers/scaleByRms';
  checkOptions(where, options, scaleByRmsOptionNames);
  const rho = checkNumber(where, 'rho', options.rho ?? 0.9, { min: 0, max: 1, exclusive: 'max' });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-7, { min: 0, exclusive: 'min' });
  const centered = checkBoolean(where, 'centered', options.centered ?? false);

  return scaledTransformation(
    where,
    (params) => (centered ? { v: zerosFor(params), a: zerosFor(params) } : { v: zerosFor(params) }),
    (scaled, state, params, finish) => {
      const oldV = weightEntries(where, state, 'v', params);
      if (hasKernel(KERNEL)) {
        const memory = centered ? { v: oldV, a: weightEntries(where, state, 'a', params) } : { v: oldV };
        const attributes = { rho, epsilon, centered };
        return fusedStep({ kernel: KERNEL, attributes, gradients: scaled, params, memory, finish });
      }
      const gradients = settle(scaled);
      const [decay, offset, factor] = [filled(rho), filled(epsilon / (1 - rho)), filled(1 / Math.sqrt(1 - rho))];
      if (!centered) {
        const { v, direction } = eachWeight(params, ['v', 'direction'], (path) => {
          const newV = add(mul(oldV[path]!, decay), square(gradients[path]!));
          return { v: newV, direction: div(gradients[path]!, sqrt(add(newV, offset))) };
        });
        return { updates: { tensors: direction, factor }, state: { v } };
      }
      const oldA = weightEntries(where, state, 'a', params);
      const share = filled(1 - rho);
      const { v, a, direction } = eachWeight(params, ['v', 'a', 'direction'], (path) => {
        const newV = add(mul(oldV[path]!, decay), square(gradients[path]!));
        const newA = add(mul(oldA[path]!, decay), gradients[path]!);
        const variance = sub(newV, mul(square(newA), share));
        return { v: newV, a: newA, direction: div(gradients[path]!, sqrt(add(variance, offset))) };
      });
      return { updates: { tensors: direction, factor }, state: { v, a } };
    },
    { takesFinish: () => hasKernel(KERNEL) },
  );
}
