import { checkNumber, checkOptions } from '@gradstream/core';
import { add, isNaN, mul, sign, where as select } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { fusedStep, hasKernel } from './internal/fused-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `scaleByLion`. */
export interface ScaleByLionOptions {
  /** Share of the running mean in the direction, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean, in [0, 1). Default 0.99. */
  readonly beta2?: number;
}

/** The names of the options, for recipes. */
export const scaleByLionOptionNames: readonly string[] = ['beta1', 'beta2'];

/** The backend kernel that does it all. */
const KERNEL = 'GradstreamLion';

/**
 * Lion's direction: the sign of a mixture of the running mean and the gradient, `sign(m beta1 + g (1 - beta1))`; then `m = m beta2 + g (1 - beta2)`. Keras' formula.
 *
 * NaN stays NaN. Runs the backend's kernel `GradstreamLion` where there is one: the same numbers, one pass over memory.
 *
 * Throws `GS_OPTION_*` for bad options. Source: Chen et al., "Symbolic discovery of optimization algorithms", 2023.
 */
export function scaleByLion(options: ScaleByLionOptions = {}): GradientTransformation {
  const where = 'optimizers/scaleByLion';
  checkOptions(where, options, scaleByLionOptionNames);
  const beta1 = checkNumber(where, 'beta1', options.beta1 ?? 0.9, { min: 0, max: 1, exclusive: 'max' });
  const beta2 = checkNumber(where, 'beta2', options.beta2 ?? 0.99, { min: 0, max: 1, exclusive: 'max' });

  return scaledTransformation(
    where,
    (params) => ({ m: zerosFor(params) }),
    (scaled, state, params, finish) => {
      const old = weightEntries(where, state, 'm', params);
      if (hasKernel(KERNEL)) {
        const attributes = { beta1, beta2 };
        return fusedStep({ kernel: KERNEL, attributes, gradients: scaled, params, memory: { m: old }, finish });
      }
      const gradients = settle(scaled);
      const [keep1, keep2] = [filled(beta1), filled(beta2)];
      // As the kernel and Keras in float32 have them: what is left of the rounded shares.
      const [share1, share2] = [filled(1 - Math.fround(beta1)), filled(1 - Math.fround(beta2))];
      const { m, direction } = eachWeight(params, ['m', 'direction'], (path) => {
        const mixture = add(mul(old[path]!, keep1), mul(gradients[path]!, share1));
        return {
          m: add(mul(old[path]!, keep2), mul(gradients[path]!, share2)),
          // The sign of NaN is 0 in tfjs, and a broken run would look healthy.
          direction: select(isNaN(mixture), mixture, sign(mixture)),
        };
      });
      return { updates: { tensors: direction }, state: { m } };
    },
    { takesFinish: () => hasKernel(KERNEL) },
  );
}
