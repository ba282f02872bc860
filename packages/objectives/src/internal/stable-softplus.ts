import { abs, add, exp, log1p, neg, relu, type Tensor } from '@tensorflow/tfjs-core';

/** `log(1 + exp(x))`, also far from 0, where it is 0 or x. Without a gradient of its own. */
export function stableSoftplus(x: Tensor): Tensor {
  return add(relu(x), log1p(exp(neg(abs(x)))));
}
