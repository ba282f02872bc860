import { sizeOf } from '@gradstream/core';
import { BatchMatMul, broadcast_util, fill, sum, util, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import { runKernel } from './run-kernel.js';

/**
 * Sums a gradient over the dimensions that broadcasting added, back to an input's shape. Runs no kernel where the shapes are equal: it returns the
 * tensor itself then.
 */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  if (util.arraysEqual(x.shape, shape as number[])) return x;
  const size = sizeOf(shape);
  if (x.size === size) return alias(x, shape);
  const axes = broadcast_util.getReductionAxes(shape as number[], x.shape);
  // The sum over leading dimensions is the commonest: a bias, a scale.
  if (axes.every((axis, index) => axis === index)) return alias(columnSum(x, size), shape);
  const summed = sum(x, axes);
  return util.arraysEqual(summed.shape, shape as number[]) ? summed : alias(summed, shape);
}

/** The same, and always a tensor of its own: for gradients that pass `dy` on. */
export function passTo(dy: Tensor, shape: readonly number[]): Tensor {
  const summed = sumTo(dy, shape);
  return summed === dy ? alias(dy) : summed;
}

/**
 * The sum over leading dimensions, as a matrix [1, columns].
 *
 * It is a product with a row of ones: backends sum over leading dimensions by transposing first, which takes longer than the product.
 */
export function columnSum(x: Tensor, columns: number): Tensor {
  const rows = x.size / columns;
  const matrix = x.rank === 2 && x.shape[1] === columns ? x : alias(x, [rows, columns]);
  return runKernel(BatchMatMul, { a: fill([1, rows], 1), b: matrix }, { transposeA: false, transposeB: false });
}
