import { fill, type Scalar } from '@tensorflow/tfjs-core';

/** A scalar constant, filled on the device: a small kernel instead of an upload. */
export function filled(value: number, dtype: 'float32' | 'int32' = 'float32'): Scalar {
  return fill([], value, dtype) as Scalar;
}
