import { describeShape, GradstreamError, type HostArray, type Shape } from '@gradstream/core';
import { fitsLabels, sameShape, shapeError } from './align-targets.js';
import { checkFinite, checkProbabilities, valueError } from './check-values.js';
import { shapeWithLast } from './classes-last.js';
import { resolveAxis } from './resolve-axis.js';

/** Throws `GS_LOSS_SHAPE` for targets without the output's shape; says so where they are class indices. */
export function checkOneHotShape(where: string, targets: Shape, outputShape: Shape, axis = -1): void {
  if (sameShape(targets, outputShape)) return;
  if (!fitsLabels(targets, shapeWithLast(where, axis, outputShape)))
    throw shapeError('GS_LOSS_SHAPE', where, targets, outputShape);
  throw new GradstreamError('GS_LOSS_SHAPE', {
    where,
    what: 'The targets are class indices where one-hot rows are expected',
    expected: describeShape(outputShape),
    received: describeShape(targets),
    next: 'Use sparseCategoricalCrossentropy for class indices.',
  });
}

/** Throws unless the targets have the output's shape and are distributions over the classes along the axis. */
export function checkDistributions(where: string, targets: HostArray, outputShape: Shape, axis = -1): void {
  checkOneHotShape(where, targets.shape, outputShape, axis);
  checkFinite(where, targets);
  checkProbabilities(where, targets, 'One-hot encode the targets, or use meanSquaredError for plain numbers.');
  for (const { sum, index, shape } of rowSums(where, targets, axis)) {
    if (Math.abs(sum - 1) <= 1e-3) continue;
    throw valueError(shape, index, `a row with the sum ${sum}`, {
      code: 'GS_LOSS_TARGET',
      where,
      what: 'A target is no distribution over the classes',
      expected: 'rows that sum to 1',
      next: 'A row of zeros comes from a label outside the classes. For several labels an example use binaryCrossentropy.',
    });
  }
}

/** The sums of the targets along an axis, each with its index in the shape without that axis. */
function* rowSums(
  where: string,
  { shape, values }: HostArray,
  axis: number,
): Generator<{ sum: number; index: number; shape: readonly number[] }> {
  const over = resolveAxis('GS_LOSS_SHAPE', where, axis, shape);
  const classes = shape[over]!;
  const stride = shape.slice(over + 1).reduce((product, size) => product * size, 1);
  const rest = [...shape.slice(0, over), ...shape.slice(over + 1)];
  for (let index = 0; index < values.length / classes; index++) {
    const start = Math.floor(index / stride) * stride * classes + (index % stride);
    let sum = 0;
    for (let i = 0; i < classes; i++) sum += values[start + i * stride]!;
    yield { sum, index, shape: rest };
  }
}
