import { checkNumber, checkOptions } from '@gradstream/core';
import { add, div, mul, ones, sqrt, square, sub, tidy, zeros, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { tensorEntry, weightEntries, zerosFor } from './internal/state-access.js';

/** Options of `scaleByNadam`. */
export interface ScaleByNadamOptions {
  /** What the decay of the mean of gradients grows to, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite; above 0. Default 1e-7. Added outside the root, after the bias correction. */
  readonly epsilon?: number;
}

/** The names of the options, for recipes. */
export const scaleByNadamOptionNames: readonly string[] = ['beta1', 'beta2', 'epsilon'];

/** How fast the momentum of the warm-up comes near beta1: `u_t = beta1 (1 - 0.96^t / 2)`. */
const WARM_UP = 0.96;

/**
 * Nadam's direction: Adam's with Nesterov momentum, whose decay warms up.
 *
 * Keras' formula: `u_t = beta1 (1 - 0.96^t / 2)`, P the product of `u_1` to `u_t`, m and v as Adam's; direction `(u_{t+1} m / (1 - P u_{t+1}) + (1 - u_t) g / (1 - P)) / (sqrt(v / (1 - beta2^t)) + epsilon)`.
 * The state holds `uProduct` = P, `decay` = 0.96^t, and sums instead of means as that of `scaleByAdam`.
 *
 * Throws `GS_OPTION_*` for bad options. Source: Dozat, "Incorporating Nesterov momentum into Adam", 2016.
 */
export function scaleByNadam(options: ScaleByNadamOptions = {}): GradientTransformation {
  const where = 'optimizers/scaleByNadam';
  checkOptions(where, options, scaleByNadamOptionNames);
  const beta1 = checkNumber(where, 'beta1', options.beta1 ?? 0.9, { min: 0, max: 1, exclusive: 'max' });
  const beta2 = checkNumber(where, 'beta2', options.beta2 ?? 0.999, { min: 0, max: 1, exclusive: 'max' });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-7, { min: 0, exclusive: 'min' });

  return scaledTransformation(
    where,
    (params) => ({
      uProduct: ones([]),
      decay: ones([]),
      vWeight: zeros([]),
      m: zerosFor(params),
      v: zerosFor(params),
    }),
    (scaled, state, params) => {
      const old = { m: weightEntries(where, state, 'm', params), v: weightEntries(where, state, 'v', params) };
      const gradients = settle(scaled);
      const [decay1, decay2, one] = [filled(beta1), filled(beta2), filled(1)];
      const { uProduct, decay, vWeight, ofMean, ofGradient, offset, factor } = tidy(() => {
        const nextDecay = mul(tensorEntry(where, state, 'decay'), filled(WARM_UP));
        const momentum = (power: Tensor): Tensor => mul(decay1, sub(one, mul(power, filled(0.5))));
        const now = momentum(nextDecay);
        const later = momentum(mul(nextDecay, filled(WARM_UP)));
        const product = mul(tensorEntry(where, state, 'uProduct'), now);
        const weight = add(mul(tensorEntry(where, state, 'vWeight'), decay2), one);
        const root = sqrt(weight);
        return {
          uProduct: product,
          decay: nextDecay,
          vWeight: weight,
          ofMean: div(mul(later, filled(1 - beta1)), sub(one, mul(product, later))),
          ofGradient: div(sub(one, now), sub(one, product)),
          offset: mul(root, filled(epsilon)),
          factor: root as Scalar,
        };
      });
      const { m, v, direction } = eachWeight(params, ['m', 'v', 'direction'], (path) => {
        const newM = add(mul(old.m[path]!, decay1), gradients[path]!);
        const newV = add(mul(old.v[path]!, decay2), square(gradients[path]!));
        const ahead = add(mul(newM, ofMean), mul(gradients[path]!, ofGradient));
        return { m: newM, v: newV, direction: div(ahead, add(sqrt(newV), offset)) };
      });
      return { updates: { tensors: direction, factor }, state: { uProduct, decay, vWeight, m, v } };
    },
  );
}
