import { checkNumber, type Shape } from '@gradstream/core';
import { shapeError } from './shape-error.js';

/** Axes as a list: one, several, or none (null). Throws `GS_OPTION_VALUE` for what are no whole numbers. */
export function checkAxes(where: string, axis: unknown): readonly number[] {
  if (axis === null) return [];
  const axes: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  return axes.map((one) => checkNumber(where, 'axis', one, { integer: true }));
}

/** The axes of a shape from the front, in rising order. Throws `GS_LAYER_SHAPE` for one that is not there, is the batch, or has no known size. */
export function keptAxes(path: string, axes: readonly number[], shape: Shape): readonly number[] {
  const rank = shape.length;
  const kept = [...new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)))].toSorted((a, b) => a - b);
  if (kept.every((axis) => axis > 0 && axis < rank && shape[axis] !== null)) return kept;
  throw shapeError(
    'normalization',
    path,
    `There are no statistics for the axes [${axes.join(', ')}]`,
    'axes of the input behind the batch, of known sizes',
    shape,
    'Name such axes, or give axis: null for one mean of everything.',
  );
}
