import { checkOptions, describeShape, GradstreamError, sizeOf } from '@gradstream/core';
import { BatchMatMul, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { bandsOf } from './internal/bands-of.js';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import { runOperation } from './internal/run-operation.js';
import { transposedMatrix } from './internal/transposed-matrix.js';

/** What `resampleAxis` takes. */
export interface ResampleOperands {
  /** float32, of any shape. */
  readonly x: Tensor;
  /** The dimension that changes its size, counted from 0. */
  readonly axis: number;
  /** `[to, from]`, row by row: the share of each old value in each new one. */
  readonly matrix: Float32Array;
}

/** The backend kernel: input `x` [outer, from, inner]; attributes `to`, `taps`, `bands`; output [outer, to, inner]. */
const KERNEL = 'GradstreamResample';

/**
 * One dimension times a constant matrix of which most is zero, as when images are resized: `[..., from, ...]` in, `[..., to, ...]` out.
 *
 * Costs what lies between the first and the last number of each row that is not 0, not the whole matrix. The gradient is the same with the matrix transposed. Runs the
 * backend's kernel `GradstreamResample` where there is one, else a matrix product. Throws `GS_AUTODIFF_SHAPE` for a matrix that does not fit the dimension.
 */
export function resampleAxis(operands: ResampleOperands): Tensor {
  checkOptions('autodiff/resampleAxis', operands, ['x', 'axis', 'matrix']);
  const { x, axis, matrix } = operands;
  const from = x.shape[axis] ?? 0;
  const to = matrix.length / from;
  if (x.dtype !== 'float32' || !Number.isSafeInteger(to)) throw misfit(x, axis, matrix);
  return runOperation({
    inputs: { x },
    forward: () => multiplied(x, axis, matrix, [to, from]),
    backward: (dy) => ({ x: () => resampleAxis({ x: dy, axis, matrix: transposedMatrix(matrix, [to, from]) }) }),
  });
}

/** The product, of a shape with the new size. */
function multiplied(x: Tensor, axis: number, matrix: Float32Array, size: readonly [number, number]): Tensor {
  const [to, from] = size;
  const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const slices = alias(x, [sizeOf(outer), from, sizeOf(inner)]);
  const y = hasKernel(KERNEL)
    ? runKernel(KERNEL, { x: slices }, bandsOf(matrix, size))
    : runKernel(BatchMatMul, { a: tensor(matrix, [1, to, from]), b: slices }, { transposeA: false, transposeB: false });
  return alias(y, [...outer, to, ...inner]);
}

function misfit(x: Tensor, axis: number, matrix: Float32Array): GradstreamError {
  return new GradstreamError('GS_AUTODIFF_SHAPE', {
    where: 'autodiff/resampleAxis',
    what: 'The matrix does not fit the dimension',
    expected: `rows of ${x.shape[axis] ?? 'a size of x'} numbers, for float32`,
    received: `${matrix.length} numbers for dimension ${axis} of ${x.dtype} ${describeShape(x.shape)}`,
    next: 'Give a matrix [to, from] whose rows are as long as the dimension.',
  });
}
