import type * as tf from '@tensorflow/tfjs-core';
import { resampleAxis } from '../resample-axis.js';
import { transposedMatrix } from './transposed-matrix.js';

/** How pixels of one size are read to make another. */
export interface Resizing {
  readonly method: 'bilinear' | 'nearest';
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** The share of each of `size` pixels in each of `outputSize` pixels, as tfjs-core resizes: a matrix [outputSize, size]. */
function resizeMatrix(size: number, outputSize: number, resizing: Resizing): Float32Array {
  const { method, alignCorners, halfPixelCenters } = resizing;
  const corners = alignCorners && outputSize > 1;
  const scale = corners ? (size - 1) / (outputSize - 1) : size / outputSize;
  const shares = new Float32Array(outputSize * size);
  for (let row = 0; row < outputSize; row++) {
    const add = (column: number, share: number): void => {
      shares[row * size + Math.min(Math.max(column, 0), size - 1)]! += share;
    };
    if (method === 'nearest') {
      const place = scale * (halfPixelCenters ? row + 0.5 : row);
      add(alignCorners ? Math.round(place) : Math.floor(place), 1);
      continue;
    }
    const place = halfPixelCenters ? scale * (row + 0.5) - 0.5 : scale * row;
    const floor = Math.floor(place);
    add(floor, 1 - (place - floor));
    add(floor + 1, place - floor);
  }
  return shares;
}

/** Images [batch, height, width, channels] of another size. */
export function resize(x: tf.Tensor, shape: readonly number[], resizing: Resizing): tf.Tensor {
  return alongBoth(x, shape, (size, to) => resizeMatrix(size, to, resizing));
}

/** The gradient of resizing to the size of `dy`. */
export function resizeGradient(dy: tf.Tensor, shape: readonly number[], resizing: Resizing): tf.Tensor {
  return alongBoth(dy, shape, (size, to) => transposedMatrix(resizeMatrix(to, size, resizing), [size, to]));
}

function alongBoth(
  x: tf.Tensor,
  shape: readonly number[],
  matrixOf: (size: number, to: number) => Float32Array,
): tf.Tensor {
  const along = (image: tf.Tensor, axis: number): tf.Tensor =>
    resampleAxis({ x: image, axis, matrix: matrixOf(image.shape[axis]!, shape[axis]!) });
  return along(along(x, 1), 2);
}
