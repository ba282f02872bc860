import { describeShape, GradstreamError, type Shape } from '@gradstream/core';

/** Throws `GS_MODEL_SHARED` where a layer that is used twice would need weights of two shapes. */
export function sharedWeightsFit(where: string, path: string, before: Shape, now: Shape): void {
  if (before.length === now.length && before.every((size, index) => size === now[index])) return;
  throw new GradstreamError('GS_MODEL_SHARED', {
    where,
    what: `A shared layer is used on inputs of different widths, and its weight "${path}" fits only one`,
    expected: describeShape(before),
    received: describeShape(now),
    next: 'Use two layers, or bring the inputs to one width.',
  });
}
