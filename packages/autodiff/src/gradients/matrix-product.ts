import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { runKernel } from '../internal/run-kernel.js';
import { sumTo } from '../internal/sum-to.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Matrix products, batched or not, with either operand transposed; batch dimensions broadcast. */
export const matrixProductGradients: GradientTable = [
  kernelGradient(tf.BatchMatMul, {
    inputs: ['a', 'b'],
    gradient: (dy, [a, b], attributes) =>
      matrixProductThunks(dy, [a!, b!], attributes as unknown as tf.BatchMatMulAttrs),
  }),
];

/** The gradients of a matrix product by its operands, for kernels that do more than multiply. */
export function matrixProductThunks(
  dy: tf.Tensor,
  [a, b]: readonly [tf.Tensor, tf.Tensor],
  { transposeA, transposeB }: tf.BatchMatMulAttrs,
): { a: () => tf.Tensor; b: () => tf.Tensor } {
  return {
    a: () => sumTo(transposeA ? product(b, dy, transposeB, true) : product(dy, b, false, !transposeB), a.shape),
    b: () => {
      // One matrix for a whole batch: the batch is more rows of one product.
      if (b.rank === 2 && !transposeA && dy.rank > 2 && a.rank === dy.rank) {
        const rows = flatten(a);
        const gradients = flatten(dy);
        return transposeB ? product(gradients, rows, true, false) : product(rows, gradients, true, false);
      }
      return sumTo(transposeB ? product(dy, a, true, transposeA) : product(a, dy, !transposeA, false), b.shape);
    },
  };
}

const flatten = (x: tf.Tensor): tf.Tensor => alias(x, [x.size / x.shape.at(-1)!, x.shape.at(-1)!]);

const product = (a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor =>
  runKernel(tf.BatchMatMul, { a, b }, { transposeA, transposeB });
