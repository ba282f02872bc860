import { describeShape, describeValue, GradstreamError } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * One or more axes counted from 0, in ascending order; -1 is the last one.
 *
 * Throws `GS_OPTION_VALUE` where the option is no axis at all, `GS_ACTIVATION_SHAPE` where the tensor has no such axis.
 */
export function resolveAxes(name: string, axis: unknown, x: Tensor): number[] {
  const axes: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  if (axes.length === 0 || !axes.every((one) => Number.isInteger(one))) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: `activations/${name}`,
      what: 'The option "axis" has a value that cannot be used',
      expected: 'an integer or a list of integers',
      received: describeValue(axis),
      next: 'Use -1 for the last axis, or leave it out.',
    });
  }
  const resolved = (axes as readonly number[]).map((one) => (one < 0 ? one + x.rank : one)).sort((a, b) => a - b);
  const fits = resolved.every((one, index) => one >= 0 && one < x.rank && one !== resolved[index - 1]);
  if (fits) return resolved;
  throw new GradstreamError('GS_ACTIVATION_SHAPE', {
    where: `activations/${name}`,
    what: 'The input does not have these axes, or one is named twice',
    expected: x.rank === 0 ? 'a tensor with at least one axis' : `different axes from ${-x.rank} to ${x.rank - 1}`,
    received: `axis ${describeValue(axis)} for the shape ${describeShape(x.shape)}`,
    next: x.rank === 0 ? 'Reshape the number to [1] first.' : 'Choose axes that the input has.',
  });
}

/** The one axis of a function that works along a single axis. Throws as `resolveAxes` does. */
export function resolveAxis(name: string, axis: unknown, x: Tensor): number {
  return resolveAxes(name, Array.isArray(axis) ? [axis] : axis, x)[0]!;
}
