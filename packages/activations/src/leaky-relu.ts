import { checkNumber, checkOptions } from '@gradstream/core';
import { leakyRelu as leakyReluKernel, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './internal/on-float.js';

/** Options of `leakyRelu`. */
export interface LeakyReluOptions {
  /** Slope below 0. Default 0.2. */
  readonly negativeSlope?: number;
}

/**
 * The leaky rectified linear unit: `x` above 0, `negativeSlope * x` below.
 *
 * Any shape; one kernel. The default slope is 0.2, as in Keras' function (Keras' layer LeakyReLU uses 0.3).
 * Throws `GS_OPTION_VALUE` for a negative slope, as Keras' layer does; its function takes one.
 */
export function leakyRelu(x: Tensor, options: LeakyReluOptions = {}): Tensor {
  checkOptions('activations/leakyRelu', options, ['negativeSlope']);
  const slope = checkNumber('activations/leakyRelu', 'negativeSlope', options.negativeSlope ?? 0.2, { min: 0 });
  return onFloat('leakyRelu', x, (input) => leakyReluKernel(input, slope));
}
