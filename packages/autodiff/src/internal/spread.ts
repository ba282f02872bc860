import { sizeOf } from '@gradstream/core';
import { backend_util, BatchMatMul, Fill, Multiply, util, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import { runKernel } from './run-kernel.js';

/**
 * Spreads the gradient of a reduction over the dimensions it reduced, times a scale: the gradient of a sum (scale 1) or a mean (scale 1 / n).
 *
 * `dy` may have kept the reduced dimensions or not. Where they lie together at either end it is one outer product with a row or column of the
 * scale; broadcasting would do the same, but several backends broadcast element by element.
 */
export function spread(dy: Tensor, shape: readonly number[], axis: number | number[] | null, scale = 1): Tensor {
  const axes = util.parseAxisParam(axis as number[], shape as number[]).sort((a, b) => a - b);
  const reduced = axes.reduce((size, index) => size * shape[index]!, 1);
  const kept = sizeOf(shape) / reduced;
  if (dy.size === 1 || reduced === 0)
    return runKernel(Multiply, { a: dy.rank === 0 ? dy : alias(dy, []), b: filled(shape, scale) });
  const rank = shape.length;
  if (axes.every((index, place) => index === rank - axes.length + place)) {
    return alias(product(alias(dy, [kept, 1]), filled([1, reduced], scale)), shape);
  }
  if (axes.every((index, place) => index === place)) {
    return alias(product(filled([reduced, 1], scale), alias(dy, [1, kept])), shape);
  }
  return runKernel(Multiply, { a: keepDimensions(dy, shape, axes), b: filled(shape, scale) });
}

/** The result of a reduction with its reduced dimensions put back as 1. */
export function keepDimensions(reduced: Tensor, shape: readonly number[], axis: number | number[] | null): Tensor {
  const axes = util.parseAxisParam(axis as number[], shape as number[]);
  const outer = shape.filter((_, index) => !axes.includes(index));
  return alias(reduced, backend_util.expandShapeToKeepDim(outer, axes));
}

const filled = (shape: readonly number[], value: number): Tensor =>
  runKernel(Fill, {}, { shape: [...shape], value, dtype: 'float32' });

const product = (a: Tensor, b: Tensor): Tensor =>
  runKernel(BatchMatMul, { a, b }, { transposeA: false, transposeB: false });
