import { add, all, cast, equal, logicalOr, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from '../../internal/filled.js';

/** Float32 labels 0 and 1 as -1 and 1, where there are no others; other labels as they are. Decided on the device. */
export function signedLabels(y: Tensor): Tensor {
  const binary = cast(all(logicalOr(equal(y, filled(0)), equal(y, filled(1)))), 'float32');
  return add(y, mul(binary, sub(y, filled(1))));
}
