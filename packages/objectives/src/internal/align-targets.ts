import { describeShape, GradstreamError, type ErrorCode, type Shape } from '@gradstream/core';
import { reshape, type Tensor } from '@tensorflow/tfjs-core';

/** Whether two shapes are equal; a null size is equal to any. */
export function sameShape(a: Shape, b: Shape): boolean {
  return (
    a.length === b.length &&
    a.every((size, axis) => size === null || b[axis] === null || b[axis] === undefined || size === b[axis])
  );
}

/** Whether targets of this shape can stand for the output's: equal, or one of them has one more axis, the last, of size 1. */
export function fitsElementwise(targets: Shape, output: Shape): boolean {
  if (sameShape(targets, output)) return true;
  if (targets.length + 1 === output.length) return output.at(-1) === 1 && sameShape(targets, output.slice(0, -1));
  return targets.length === output.length + 1 && targets.at(-1) === 1 && sameShape(targets.slice(0, -1), output);
}

/** Whether labels of this shape fit class scores: the output's shape without its last axis, or with 1 in its place. */
export function fitsLabels(targets: Shape, output: Shape): boolean {
  if (output.length === 0) return false;
  const labels = output.slice(0, -1);
  return (
    sameShape(targets, labels) ||
    (targets.length === output.length && targets.at(-1) === 1 && sameShape(targets.slice(0, -1), labels))
  );
}

/** The targets in exactly the output's shape. Throws the error of the given code where they do not fit: nothing is ever broadcast. */
export function alignElementwise(code: ErrorCode, where: string, yTrue: Tensor, yPred: Tensor): Tensor {
  if (!fitsElementwise(yTrue.shape, yPred.shape)) throw shapeError(code, where, yTrue.shape, yPred.shape);
  return yTrue.rank === yPred.rank ? yTrue : reshape(yTrue, yPred.shape);
}

/** The labels in the output's shape without its last axis. Throws the error of the given code where they do not fit. */
export function alignLabels(code: ErrorCode, where: string, yTrue: Tensor, yPred: Tensor): Tensor {
  if (!fitsLabels(yTrue.shape, yPred.shape)) throw labelShapeError(code, where, yTrue.shape, yPred.shape);
  return yTrue.rank < yPred.rank ? yTrue : reshape(yTrue, yPred.shape.slice(0, -1));
}

/** The error for targets that do not have the output's shape. */
export function shapeError(code: ErrorCode, where: string, targets: Shape, output: Shape): GradstreamError {
  return new GradstreamError(code, {
    where,
    what: 'The targets do not have the shape of the output, and nothing is broadcast',
    expected: describeShape(output),
    received: describeShape(targets),
    next: 'Give the targets the shape of the output, or the last layer as many units as a target has numbers.',
  });
}

/** The error for labels that do not fit the output. */
export function labelShapeError(code: ErrorCode, where: string, targets: Shape, output: Shape): GradstreamError {
  const labels = output.slice(0, -1);
  const oneHot = sameShape(targets, output);
  return new GradstreamError(code, {
    where,
    what: oneHot ? 'The targets are one-hot rows where class indices are expected' : 'The labels do not fit the output',
    expected: `${describeShape(labels)} or ${describeShape([...labels, 1])} for an output of shape ${describeShape(output)}`,
    received: describeShape(targets),
    next: oneHot
      ? 'Use categoricalCrossentropy and categoricalAccuracy for one-hot targets.'
      : 'Give one class index for each row of class scores.',
  });
}
