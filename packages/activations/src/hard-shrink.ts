import { checkNumber, checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';

/** Options of `hardShrink`. */
export interface HardShrinkOptions {
  /** Values up to this size become 0; 0 or more. Default 0.5. */
  readonly threshold?: number;
}

/** `x` where `|x| > threshold`, else 0. Any shape. Slope at the threshold: 0. Throws `GS_OPTION_VALUE` for a negative threshold. */
export function hardShrink(x: tf.Tensor, options: HardShrinkOptions = {}): tf.Tensor {
  checkOptions('activations/hardShrink', options, ['threshold']);
  const threshold = checkNumber('activations/hardShrink', 'threshold', options.threshold ?? 0.5, { min: 0 });
  const outside = (input: tf.Tensor): tf.Tensor => tf.step(tf.sub(tf.abs(input), threshold));
  return withSlope('hardShrink', x, { value: (input) => tf.mul(input, outside(input)), slope: outside });
}
