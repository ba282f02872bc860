import { square, sum, type Scalar, type Tensor } from '@tensorflow/tfjs-core';

/** The sum of the squares of all elements: the square of the Euclidean norm. */
export function sumOfSquares(x: Tensor): Scalar {
  return sum(square(x)) as Scalar;
}
