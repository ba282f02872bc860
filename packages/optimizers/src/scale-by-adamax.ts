import { checkNumber, checkOptions } from '@gradstream/core';
import { abs, add, div, maximum, mul, tidy, zeros, type Scalar } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { fusedStep, hasKernel } from './internal/fused-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { tensorEntry, weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `scaleByAdamax`. */
export interface ScaleByAdamaxOptions {
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the largest gradient, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite; above 0. Default 1e-7. */
  readonly epsilon?: number;
}

/** The names of the options, for recipes. */
export const scaleByAdamaxOptionNames: readonly string[] = ['beta1', 'beta2', 'epsilon'];

/** The backend kernel that does it all. */
const KERNEL = 'GradstreamAdamax';

/**
 * Adamax's direction: the running mean of gradients, bias-corrected, over the largest gradient of late.
 *
 * Keras' formula: `m += (g - m)(1 - beta1)`, `u = max(u beta2, |g|)`, direction `m / ((1 - beta1^t)(u + epsilon))`. The state holds a sum instead of
 * the mean: `m` is Keras' divided by `1 - beta1`, and `mWeight` the sum that a constant 1 would give.
 *
 * Runs the backend's kernel `GradstreamAdamax` where there is one: the same numbers, one pass over memory.
 *
 * Throws `GS_OPTION_*` for bad options. Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015.
 */
export function scaleByAdamax(options: ScaleByAdamaxOptions = {}): GradientTransformation {
  const where = 'optimizers/scaleByAdamax';
  checkOptions(where, options, scaleByAdamaxOptionNames);
  const beta1 = checkNumber(where, 'beta1', options.beta1 ?? 0.9, { min: 0, max: 1, exclusive: 'max' });
  const beta2 = checkNumber(where, 'beta2', options.beta2 ?? 0.999, { min: 0, max: 1, exclusive: 'max' });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-7, { min: 0, exclusive: 'min' });

  return scaledTransformation(
    where,
    (params) => ({ mWeight: zeros([]), m: zerosFor(params), u: zerosFor(params) }),
    (scaled, state, params, finish) => {
      const memory = { m: weightEntries(where, state, 'm', params), u: weightEntries(where, state, 'u', params) };
      const oldWeight = tensorEntry(where, state, 'mWeight');
      if (hasKernel(KERNEL)) {
        const attributes = { beta1, beta2, epsilon };
        const scalars = { mWeight: oldWeight };
        return fusedStep({ kernel: KERNEL, attributes, gradients: scaled, params, memory, scalars, finish });
      }
      const gradients = settle(scaled);
      const [decay1, decay2, offset, one] = [filled(beta1), filled(beta2), filled(epsilon), filled(1)];
      const mWeight = tidy(() => add(mul(oldWeight, decay1), one));
      const { m, u, direction } = eachWeight(params, ['m', 'u', 'direction'], (path) => {
        const newM = add(mul(memory.m[path]!, decay1), gradients[path]!);
        const newU = maximum(mul(memory.u[path]!, decay2), abs(gradients[path]!));
        return { m: newM, u: newU, direction: div(newM, add(newU, offset)) };
      });
      const factor = div(one, mWeight) as Scalar;
      return { updates: { tensors: direction, factor }, state: { mWeight, m, u } };
    },
    { takesFinish: () => hasKernel(KERNEL) },
  );
}
