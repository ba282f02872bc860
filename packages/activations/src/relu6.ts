import { relu6 as relu6Kernel, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';

/** The rectified linear unit cut at 6: `min(max(x, 0), 6)`. Any shape; one kernel. */
export function relu6(x: Tensor): Tensor {
  return onFloat('relu6', x, (input) => relu6Kernel(input));
}
