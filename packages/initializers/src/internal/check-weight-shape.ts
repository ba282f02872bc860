import { describeValue, GradstreamError } from '@gradstream/core';

/** Throws `GS_INITIALIZER_SHAPE` for anything that is no list of sizes, integers of 0 and more. */
export function checkWeightShape(where: string, shape: unknown): void {
  if (Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)) return;
  throw new GradstreamError('GS_INITIALIZER_SHAPE', {
    where,
    what: 'This is no shape of a weight',
    expected: 'a list of sizes, integers of 0 and more',
    received: describeValue(shape),
    next: 'Pass a shape such as [3, 4]; a weight has no unknown sizes.',
  });
}
