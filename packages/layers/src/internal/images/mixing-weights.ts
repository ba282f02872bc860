import {
  add,
  div,
  greater,
  less,
  log,
  logicalAnd,
  maximum,
  mul,
  onesLike,
  rsqrt,
  sigmoid,
  softmax,
  square,
  sub,
  tensor,
  topk,
  unstack,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Draws } from '../draws.js';

/** How many numbers are drawn for one: that none of them is taken happens less than once in 10^10. */
const TRIES = 8;

/**
 * Logarithms of gamma numbers of this shape parameter, above 0: one number, or one for each.
 *
 * Marsaglia and Tsang, ACM TOMS 26 (2000), for the parameter plus 1 with a fixed number of tries, and a power of a uniform number for the rest: the logarithm
 * stays finite for the smallest parameters.
 */
export function logGammas(draws: Draws, shape: readonly number[], alpha: Tensor | number): Tensor {
  const parameter = typeof alpha === 'number' ? tensor(alpha) : alpha;
  const d = add(parameter, 2 / 3);
  const c = mul(rsqrt(d), 1 / 3);
  const normals = unstack(draws.normal('normal', [TRIES, ...shape]));
  const uniforms = unstack(draws.uniform('accept', [TRIES, ...shape]));
  const taken = normals.reduceRight<Tensor | undefined>((later, x, index) => {
    const root = add(mul(c, x), 1);
    const cube = mul(root, square(root));
    const v = maximum(cube, 1e-30);
    const bound = add(mul(square(x), 0.5), mul(d, add(sub(1, v), log(v))));
    const fits = logicalAnd(greater(cube, 0), less(log(sub(1, uniforms[index]!)), bound));
    return where(fits, v, later ?? onesLike(v));
  }, undefined)!;
  const power = div(log(sub(1, draws.uniform('power', shape))), parameter);
  return add(add(log(d), log(taken)), power);
}

/** Beta numbers with both parameters the same. */
export function betas(draws: Draws, shape: readonly number[], alpha: Tensor | number): Tensor {
  return sigmoid(sub(logGammas(draws.of('first'), shape, alpha), logGammas(draws.of('second'), shape, alpha)));
}

/** Shares that add up to 1 along the last dimension, of a Dirichlet distribution with the same parameter for all. */
export function shares(draws: Draws, shape: readonly number[], alpha: number): Tensor {
  return softmax(logGammas(draws, shape, alpha));
}

/** The numbers from 0 to `count - 1` in random order. */
export function permutation(draws: Draws, count: number): Tensor {
  return topk(draws.uniform('order', [count]), count).indices;
}
