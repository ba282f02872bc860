import { add, mul, type Tensor } from '@tensorflow/tfjs-core';

/** A running mean after one more value: `before * momentum + value * (1 - momentum)`. Any shapes that broadcast; momentum 0 to 1. */
export function runningMean(before: Tensor, value: Tensor, momentum: number): Tensor {
  return add(mul(before, momentum), mul(value, 1 - momentum));
}
