import { resampleAxis } from '@gradstream/autodiff';
import type { Tensor } from '@tensorflow/tfjs-core';
import { resizeMatrix, type Interpolation } from './resize-matrix.js';

/** Resizes images `[batch, height, width, channels]` by a matrix for each dimension. */
export function resizeImages(
  x: Tensor,
  [height, width]: readonly [number, number],
  interpolation: Interpolation,
  antialias = false,
): Tensor {
  const resized = (image: Tensor, axis: number, to: number): Tensor =>
    resampleAxis({ x: image, axis, matrix: resizeMatrix(image.shape[axis]!, to, interpolation, antialias) });
  return resized(resized(x, 1, height), 2, width);
}
