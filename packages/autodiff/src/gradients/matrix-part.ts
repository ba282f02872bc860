import { sizeOf } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { runKernel } from '../internal/run-kernel.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Kernels about the diagonals of matrices. */
export const matrixPartGradients: GradientTable = [
  kernelGradient(tf.Diag, {
    gradient: (dy) => {
      const shape = dy.shape.slice(0, dy.rank / 2);
      const size = sizeOf(shape);
      return {
        x: () => {
          // With one element more a row, what lies on the diagonal comes to lie in the first column.
          const longer = alias(tf.pad(alias(dy, [size * size]), [[0, size]]), [size, size + 1]);
          return alias(tf.slice(longer, [0, 0], [size, 1]), shape);
        },
      };
    },
  }),
  kernelGradient(tf.MatrixBandPart, {
    inputs: ['numLower', 'numUpper'],
    gradient: (dy, [numLower, numUpper]) => ({
      input: () => runKernel(tf.MatrixBandPart, { input: dy, numLower: numLower!, numUpper: numUpper! }),
      numLower: () => tf.zeros(numLower!.shape),
      numUpper: () => tf.zeros(numUpper!.shape),
    }),
  }),
];
