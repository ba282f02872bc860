import type { Config } from '@gradstream/core';
import type { Scalar } from '@tensorflow/tfjs-core';

/**
 * A learning rate as a function of the step: 0 for the first update. The step is a float32 scalar (exact up to 2^24 steps), the result a new
 * float32 scalar, computed on the device without reading anything back. Any such function works; one with a `config` can be saved and
 * restored with `schedule(config)`.
 */
export interface Schedule {
  (step: Scalar): Scalar;
  /** Keras' class name and its arguments in camelCase. */
  readonly config?: Config;
}
