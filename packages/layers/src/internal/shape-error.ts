import { describeShape, GradstreamError, type Shape } from '@gradstream/core';

/** A `GS_LAYER_SHAPE` for an input that a layer cannot take. */
export function shapeError(
  type: string,
  path: string,
  what: string,
  expected: string,
  received: Shape | string,
  next: string,
): GradstreamError {
  return new GradstreamError('GS_LAYER_SHAPE', {
    where: `layers/${type} "${path}"`,
    what,
    expected,
    received: typeof received === 'string' ? received : describeShape(received),
    next,
  });
}

/** Throws `GS_LAYER_SHAPE` unless the input has so many dimensions, the batch included. `form` says what they are. */
export function checkRank(type: string, path: string, shape: Shape, rank: number, form: string): void {
  if (shape.length === rank) return;
  throw shapeError(
    type,
    path,
    `The input has ${shape.length} dimension${shape.length === 1 ? '' : 's'}`,
    form,
    shape,
    'Reshape it first, for example with reshape([...]).',
  );
}
