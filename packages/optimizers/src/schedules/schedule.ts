import type { Scalar } from '@tensorflow/tfjs-core';

/**
 * A learning rate as a function of the step: 0 for the first update. The step is a float32 scalar (exact up to 2^24 steps), the result a new
 * float32 scalar, computed on the device without reading anything back. Any such function works.
 */
export type Schedule = (step: Scalar) => Scalar;
