import { checkBoolean, checkNumber, checkOptions } from '@gradstream/core';
import { add, div, maximum, mul, sqrt, square, tidy, zeros, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { fusedStep, hasKernel } from './internal/fused-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { tensorEntry, weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `scaleByAdam`. */
export interface ScaleByAdamOptions {
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite; above 0. Default 1e-7. Added outside the root and not bias-corrected, as in Keras; PyTorch corrects it. */
  readonly epsilon?: number;
  /** Divides by the largest mean of squares so far. Default false. */
  readonly amsgrad?: boolean;
  /** Adds epsilon after the bias correction, as the paper and PyTorch do; no kernel does that. Default false. */
  readonly correctEpsilon?: boolean;
}

/** The names of the options that recipes pass on. */
export const scaleByAdamOptionNames: readonly string[] = ['beta1', 'beta2', 'epsilon', 'amsgrad'];

/** The backend kernel that does it all. */
const KERNEL = 'GradstreamAdam';

/**
 * Adam's direction: the running mean of gradients over the root of the running mean of their squares, both bias-corrected.
 *
 * Keras' formula: `m += (g - m)(1 - beta1)`, `v += (g^2 - v)(1 - beta2)`, direction `m / (sqrt(v) + epsilon) * sqrt(1 - beta2^t) / (1 - beta1^t)`.
 * The state holds sums instead of means, which saves two kernels a weight: `m` and `v` are Keras' divided by `1 - beta`; `mWeight` and
 * `vWeight`, `(1 - beta^t) / (1 - beta)`, are the sums that a constant 1 would give, and hold the step count. Rounding keeps the correction that
 * they give within 1e-5 (relative) of the exact one for the default betas, measured over 12,000 steps, where it no longer changes.
 *
 * Runs the backend's kernel `GradstreamAdam` where there is one: the same numbers, one pass over memory.
 *
 * Throws `GS_OPTION_*` for bad options. Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015; Reddi, Kale, Kumar,
 * "On the convergence of Adam and beyond", 2018 (AMSGrad).
 */
export function scaleByAdam(options: ScaleByAdamOptions = {}): GradientTransformation {
  const where = 'optimizers/scaleByAdam';
  checkOptions(where, options, [...scaleByAdamOptionNames, 'correctEpsilon']);
  const beta1 = checkNumber(where, 'beta1', options.beta1 ?? 0.9, { min: 0, max: 1, exclusive: 'max' });
  const beta2 = checkNumber(where, 'beta2', options.beta2 ?? 0.999, { min: 0, max: 1, exclusive: 'max' });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-7, { min: 0, exclusive: 'min' });
  const amsgrad = checkBoolean(where, 'amsgrad', options.amsgrad ?? false);
  const correctEpsilon = checkBoolean(where, 'correctEpsilon', options.correctEpsilon ?? false);
  const fused = (): boolean => !correctEpsilon && hasKernel(KERNEL);

  return scaledTransformation(
    where,
    (params) => ({
      mWeight: zeros([]),
      vWeight: zeros([]),
      m: zerosFor(params),
      v: zerosFor(params),
      ...(amsgrad ? { vMax: zerosFor(params) } : {}),
    }),
    (scaled, state, params, finish) => {
      const old = { m: weightEntries(where, state, 'm', params), v: weightEntries(where, state, 'v', params) };
      const oldMax = amsgrad ? weightEntries(where, state, 'vMax', params) : undefined;
      if (fused()) {
        const attributes = { beta1, beta2, epsilon, amsgrad };
        const memory = oldMax === undefined ? old : { ...old, vMax: oldMax };
        const scalars = {
          mWeight: tensorEntry(where, state, 'mWeight'),
          vWeight: tensorEntry(where, state, 'vWeight'),
        };
        return fusedStep({ kernel: KERNEL, attributes, gradients: scaled, params, memory, scalars, finish });
      }
      const gradients = settle(scaled);
      // Constants and bias corrections are scalars that all weights share.
      const [decay1, decay2, one] = [filled(beta1), filled(beta2), filled(1)];
      const weigh = (weight: Tensor, decay: Tensor): Tensor => tidy(() => add(mul(weight, decay), one));
      const mWeight = weigh(tensorEntry(where, state, 'mWeight'), decay1);
      const vWeight = weigh(tensorEntry(where, state, 'vWeight'), decay2);
      const offset = correctEpsilon
        ? tidy(() => mul(sqrt(vWeight), filled(epsilon)))
        : filled(epsilon / Math.sqrt(1 - beta2));

      const { m, v, vMax, direction } = eachWeight(params, ['m', 'v', 'vMax', 'direction'], (path) => {
        const newM = add(mul(old.m[path]!, decay1), gradients[path]!);
        const newV = add(mul(old.v[path]!, decay2), square(gradients[path]!));
        const largest = oldMax === undefined ? newV : maximum(oldMax[path]!, newV);
        return { m: newM, v: newV, vMax: largest, direction: div(newM, add(sqrt(largest), offset)) };
      });
      // With sums for means, m / (1 - beta1^t) is m / mWeight, and what remains of beta2's correction is sqrt(vWeight).
      const factor = tidy(() => div(sqrt(vWeight), mWeight)) as Scalar;
      return {
        updates: { tensors: direction, factor },
        state: amsgrad ? { mWeight, vWeight, m, v, vMax } : { mWeight, vWeight, m, v },
      };
    },
    { takesFinish: fused },
  );
}
