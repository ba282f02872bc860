import { fill, type Scalar } from '@tensorflow/tfjs-core';

/** A scalar constant, filled on the device: a small kernel instead of an upload. One serves all weights of a step. */
export function filled(value: number): Scalar {
  return fill([], value, 'float32') as Scalar;
}
