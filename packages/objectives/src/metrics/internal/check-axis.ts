import { GradstreamError } from '@gradstream/core';

/** An axis counted from the front. Throws `GS_METRIC_AXIS` where an output of this rank does not have it. */
export function checkAxis(where: string, axis: number, rank: number): number {
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  throw new GradstreamError('GS_METRIC_AXIS', {
    where,
    what: 'The output has no such axis',
    expected: `an axis from ${-rank} to ${rank - 1}`,
    received: String(axis),
    next: 'Choose an axis of the output; -1 is the last.',
  });
}
