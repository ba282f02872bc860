import { add, cos, mul, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from '../../internal/filled.js';

/** Half a wave of the cosine: 1 at a fraction of 0, 0 at a fraction of 1. */
export function halfCosine(fraction: Tensor): Scalar {
  return mul(add(cos(mul(fraction, filled(Math.PI))), filled(1)), filled(0.5)) as Scalar;
}

/** From `from` at a share of 1 to `to` at a share of 0. */
export function between(from: number, to: number, share: Tensor): Scalar {
  return add(mul(filled(from - to), share), filled(to)) as Scalar;
}
