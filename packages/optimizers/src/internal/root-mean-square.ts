import { mean, sqrt, square, type Scalar, type Tensor } from '@tensorflow/tfjs-core';

/** The root of the mean of the squares of all elements. */
export function rootMeanSquare(x: Tensor): Scalar {
  return sqrt(mean(square(x))) as Scalar;
}
