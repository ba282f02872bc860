import { add, cast, div, equal, sub, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from './filled.js';

/** `1 / x`, and 0 where x is 0. */
export function inverseOrZero(x: Tensor): Tensor {
  const isZero = cast(equal(x, filled(0)), 'float32');
  return div(sub(filled(1), isZero), add(x, isZero));
}
