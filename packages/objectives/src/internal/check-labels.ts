import type { HostArray, Shape } from '@gradstream/core';
import { fitsLabels, labelShapeError } from './align-targets.js';
import { checkValues } from './check-values.js';
import { shapeWithLast } from './classes-last.js';

/** Where the classes of labels lie, and a label that is none of them and counts for nothing. */
export interface LabelRules {
  readonly axis?: number;
  readonly ignoreClass?: number | null;
}

/** Throws unless the targets are class indices of an output with classes along the axis. */
export function checkLabels(
  where: string,
  targets: HostArray,
  outputShape: Shape,
  { axis = -1, ignoreClass = null }: LabelRules = {},
): void {
  const scores = shapeWithLast(where, axis, outputShape);
  const labels =
    targets.shape.length === scores.length ? shapeWithLast(where, axis, targets.shape) : (targets.shape as Shape);
  if (!fitsLabels(labels, scores)) throw labelShapeError('GS_LOSS_SHAPE', where, labels, scores);
  const classes = scores.at(-1) ?? Number.POSITIVE_INFINITY;
  checkValues(targets, (label) => (Number.isInteger(label) && label >= 0 && label < classes) || label === ignoreClass, {
    code: 'GS_LOSS_LABEL',
    where,
    what: `A label is none of the ${classes} classes`,
    expected: `integers from 0 to ${classes - 1}${ignoreClass === null ? '' : `, or ${ignoreClass}`}`,
    next: 'Count classes from 0, or give the last layer one unit for each class.',
  });
}
