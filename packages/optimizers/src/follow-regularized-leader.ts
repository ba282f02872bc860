import { checkNumber, checkOptions } from '@gradstream/core';
import { add, div, maximum, minimum, mul, pow, sqrt, square, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { checkRate, initialRate, stepRate } from './internal/rate-state.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { constantFor, weightEntries, zerosFor } from './internal/state-access.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `followRegularizedLeader`. */
export interface FollowRegularizedLeaderOptions {
  /** The exponent p of the learning rate's decay, at most 0: 0 does not decay. Default -0.5. */
  readonly learningRatePower?: number;
  /** The sum of squares before the first step, at least 0. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Pushes weights to exactly 0, at least 0. Default 0. */
  readonly l1RegularizationStrength?: number;
  /** Pushes weights towards 0, at least 0. Default 0. */
  readonly l2RegularizationStrength?: number;
  /** Shrinks weights through the gradient, `g + 2 * strength * w`, at least 0. Default 0. */
  readonly l2ShrinkageRegularizationStrength?: number;
  /** Added to `l2RegularizationStrength` as `beta / (2 * learningRate)`, at least 0. Default 0. */
  readonly beta?: number;
}

/** The names of the options, for recipes. */
export const followRegularizedLeaderOptionNames: readonly string[] = [
  'learningRatePower',
  'initialAccumulatorValue',
  'l1RegularizationStrength',
  'l2RegularizationStrength',
  'l2ShrinkageRegularizationStrength',
  'beta',
];

/**
 * Follow the regularized leader: takes gradients and gives finished updates, learning rate included.
 *
 * Keras' formula, with r the learning rate, p its power, `l2 = l2RegularizationStrength + beta / (2 r)`: `n' = n + g^2`,
 * `z += g + 2 shrinkage w - (n'^-p - n^-p) / r * w`, `w = (clip(z, -l1, l1) - z) / (n'^-p / r + 2 l2)`; n starts at the initial accumulator, z at 0.
 * So the first step forgets what a weight was initialized with, as in Keras. A learning rate of 0 gives NaN.
 *
 * Throws `GS_OPTION_*` for bad options. Source: McMahan et al., "Ad click prediction: a view from the trenches", 2013.
 */
export function followRegularizedLeader(
  learningRate: number | Schedule,
  options: FollowRegularizedLeaderOptions = {},
): GradientTransformation {
  const where = 'optimizers/followRegularizedLeader';
  const rate = checkRate(where, learningRate);
  checkOptions(where, options, followRegularizedLeaderOptionNames);
  const power = checkNumber(where, 'learningRatePower', options.learningRatePower ?? -0.5, { max: 0 });
  const atLeast0 = (name: keyof FollowRegularizedLeaderOptions, value: number): number =>
    checkNumber(where, name, options[name] ?? value, { min: 0 });
  const initial = atLeast0('initialAccumulatorValue', 0.1);
  const l1 = atLeast0('l1RegularizationStrength', 0);
  const l2 = atLeast0('l2RegularizationStrength', 0);
  const shrinkage = atLeast0('l2ShrinkageRegularizationStrength', 0);
  const beta = atLeast0('beta', 0);
  const powered = (x: Tensor): Tensor => (power === -0.5 ? sqrt(x) : pow(x, filled(-power)));

  return scaledTransformation(
    where,
    (params) => ({ ...initialRate(where, rate), n: constantFor(params, initial), z: zerosFor(params) }),
    (scaled, state, params) => {
      const old = { n: weightEntries(where, state, 'n', params), z: weightEntries(where, state, 'z', params) };
      const { learningRate: now, next } = stepRate(where, rate, state);
      const gradients = settle(scaled);
      const [low, high, shrink] = [filled(-l1), filled(l1), filled(2 * shrinkage)];
      const twiceL2 = tidy(() => add(div(filled(beta), now), filled(2 * l2)));
      const { n, z, update } = eachWeight(params, ['n', 'z', 'update'], (path, weight) => {
        const gradient = gradients[path]!;
        const newN = add(old.n[path]!, square(gradient));
        const root = powered(newN);
        const pull = mul(div(sub(root, powered(old.n[path]!)), now), weight);
        const pushed = shrinkage === 0 ? gradient : add(gradient, mul(weight, shrink));
        const newZ = add(old.z[path]!, sub(pushed, pull));
        const free = sub(minimum(maximum(newZ, low), high), newZ);
        return { n: newN, z: newZ, update: sub(div(free, add(div(root, now), twiceL2)), weight) };
      });
      return { updates: { tensors: update }, state: { ...next, n, z } };
    },
  );
}
