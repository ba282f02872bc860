import { maximum, mul, pow, type Tensor } from '@tensorflow/tfjs-core';
import { epsilon } from './clip-probability.js';
import { filled } from './filled.js';

/** The derivative of `x^exponent` for x from 0 to 1, finite at 0 too: below an exponent of 1, x counts as at least 1e-7. */
export function powerSlope(x: Tensor, exponent: number): Tensor {
  const base = exponent < 1 ? maximum(x, filled(epsilon)) : x;
  return mul(pow(base, filled(exponent - 1)), filled(exponent));
}
