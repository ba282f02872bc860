import { describeShape, GradstreamError, type ErrorCode, type Shape } from '@gradstream/core';

/** The axis counted from the front. Throws the error of the given code where the shape has no such axis. */
export function resolveAxis(code: ErrorCode, where: string, axis: number, shape: Shape): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (resolved >= 0 && resolved < shape.length) return resolved;
  throw new GradstreamError(code, {
    where,
    what: `The output has no axis ${axis}`,
    expected: shape.length === 0 ? 'an output with at least one axis' : `-${shape.length} to ${shape.length - 1}`,
    received: `the axis ${axis} for an output of shape ${describeShape(shape)}`,
    next: 'Give the loss an axis that the output has, or the output another shape.',
  });
}
