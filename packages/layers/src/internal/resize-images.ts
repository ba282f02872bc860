import { matMul, reshape, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { resizeMatrix, type Interpolation } from './resize-matrix.js';

/** Resizes images `[batch, height, width, channels]` by a product with a matrix for each dimension: every backend has its gradient. */
export function resizeImages(
  x: Tensor,
  [height, width]: readonly [number, number],
  interpolation: Interpolation,
  antialias = false,
): Tensor {
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const weights = (from: number, to: number): Tensor =>
    tensor(resizeMatrix(from, to, interpolation, antialias), [1, to, from]);
  const tall = matMul(weights(rows, height), reshape(x, [batch, rows, columns * channels]));
  const wide = matMul(weights(columns, width), reshape(tall, [batch * height, columns, channels]));
  return reshape(wide, [batch, height, width, channels]);
}
