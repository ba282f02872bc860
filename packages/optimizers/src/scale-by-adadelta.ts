import { checkNumber, checkOptions } from '@gradstream/core';
import { add, div, mul, sqrt, square } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `scaleByAdadelta`. */
export interface ScaleByAdadeltaOptions {
  /** Decay of both means of squares, in [0, 1). Default 0.95. */
  readonly rho?: number;
  /** Keeps the division finite and the first step above 0; above 0. Default 1e-7. Added inside the roots. */
  readonly epsilon?: number;
}

/** The names of the options, for recipes. */
export const scaleByAdadeltaOptionNames: readonly string[] = ['rho', 'epsilon'];

/**
 * Adadelta's direction: the gradient times the root mean square of the directions before, over that of the gradients.
 *
 * Keras' formula: `v = rho v + (1 - rho) g^2`, direction `u = g sqrt(d + epsilon) / sqrt(v + epsilon)`, `d = rho d + (1 - rho) u^2`.
 * The state holds sums instead of means, which saves two kernels a weight: `v` and `d` are Keras' divided by `1 - rho`.
 *
 * Throws `GS_OPTION_*` for bad options. Source: Zeiler, "ADADELTA: an adaptive learning rate method", 2012.
 */
export function scaleByAdadelta(options: ScaleByAdadeltaOptions = {}): GradientTransformation {
  const where = 'optimizers/scaleByAdadelta';
  checkOptions(where, options, scaleByAdadeltaOptionNames);
  const rho = checkNumber(where, 'rho', options.rho ?? 0.95, { min: 0, max: 1, exclusive: 'max' });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-7, { min: 0, exclusive: 'min' });

  return scaledTransformation(
    where,
    (params) => ({ v: zerosFor(params), d: zerosFor(params) }),
    (scaled, state, params) => {
      const old = { v: weightEntries(where, state, 'v', params), d: weightEntries(where, state, 'd', params) };
      const gradients = settle(scaled);
      const [decay, offset] = [filled(rho), filled(epsilon / (1 - rho))];
      const { v, d, direction } = eachWeight(params, ['v', 'd', 'direction'], (path) => {
        const newV = add(mul(old.v[path]!, decay), square(gradients[path]!));
        const ratio = sqrt(div(add(old.d[path]!, offset), add(newV, offset)));
        const step = mul(gradients[path]!, ratio);
        return { v: newV, d: add(mul(old.d[path]!, decay), square(step)), direction: step };
      });
      return { updates: { tensors: direction }, state: { v, d } };
    },
  );
}
