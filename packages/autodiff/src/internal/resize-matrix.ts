import * as tf from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import { runKernel } from './run-kernel.js';

/** How pixels of one size are read to make another. */
export interface Resizing {
  readonly method: 'bilinear' | 'nearest';
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** The share of each of `size` pixels in each of `outputSize` pixels, as tfjs-core resizes: a matrix [outputSize, size]. */
function resizeMatrix(size: number, outputSize: number, resizing: Resizing): tf.Tensor2D {
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
  return tf.tensor2d(shares, [outputSize, size]);
}

/** Images [batch, height, width, channels] of another size: times the matrices of both dimensions. */
export function resize(x: tf.Tensor, shape: readonly number[], resizing: Resizing): tf.Tensor {
  return alongBoth(x, shape, resizing, false);
}

/** The gradient of resizing to the size of `dy`: times the transposed matrices. */
export function resizeGradient(dy: tf.Tensor, shape: readonly number[], resizing: Resizing): tf.Tensor {
  return alongBoth(dy, shape, resizing, true);
}

function alongBoth(x: tf.Tensor, shape: readonly number[], resizing: Resizing, transposeA: boolean): tf.Tensor {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const [, oldHeight, oldWidth] = x.shape as [number, number, number];
  const multiply = (size: number, oldSize: number, b: tf.Tensor): tf.Tensor => {
    const matrix = transposeA ? resizeMatrix(size, oldSize, resizing) : resizeMatrix(oldSize, size, resizing);
    return runKernel(tf.BatchMatMul, { a: alias(matrix, [1, ...matrix.shape]), b }, { transposeA, transposeB: false });
  };
  const tall = multiply(height, oldHeight, alias(x, [batch, oldHeight, oldWidth * channels]));
  return alias(multiply(width, oldWidth, alias(tall, [batch * height, oldWidth, channels])), shape);
}
