import { describeShape, GradstreamError, type Shape } from '@gradstream/core';

/** True where a shape is one that a description allows: null stands for any size. */
export function fits(shape: Shape, description: Shape): boolean {
  return (
    shape.length === description.length &&
    description.every((size, index) => size === null || shape[index] === null || size === shape[index])
  );
}

/** Throws `GS_MODEL_INPUT` unless the shape is one that the model takes. */
export function checkInput(where: string, shape: Shape, expected: Shape): void {
  if (fits(shape, expected)) return;
  const forgotBatch = fits([null, ...shape], expected);
  throw new GradstreamError('GS_MODEL_INPUT', {
    where,
    what: 'The input has a shape that the model does not take',
    expected: describeShape(expected),
    received: describeShape(shape),
    next: forgotBatch
      ? 'Put the batch in front: a single example is a batch of 1.'
      : 'Reshape the data, or define the model for this shape.',
  });
}
