import { describeShape, describeValue, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';

/** What is added to a norm before dividing by it, as in Keras. */
export const EPSILON = 1e-7;

/** The Euclidean norms of a weight along axes, which stay as axes of size 1. Throws `GS_CONSTRAINT_AXIS` where the weight lacks an axis. */
export function normsAlong(where: string, weight: tf.Tensor, axis: number | readonly number[]): tf.Tensor {
  const axes = (typeof axis === 'number' ? [axis] : axis).map((one) => (one < 0 ? one + weight.rank : one));
  if (!axes.every((one) => one >= 0 && one < weight.rank) || new Set(axes).size !== axes.length) {
    throw new GradstreamError('GS_CONSTRAINT_AXIS', {
      where,
      what: 'The weight does not have these axes, or one is named twice',
      expected:
        weight.rank === 0
          ? 'a weight with at least one axis'
          : `different axes from ${-weight.rank} to ${weight.rank - 1}`,
      received: `axis ${describeValue(axis)} for the shape ${describeShape(weight.shape)}`,
      next: 'Choose the axes along which the inputs of one unit lie: 0 for dense, [0, 1, 2] for a 2-D convolution.',
    });
  }
  return tf.sqrt(tf.sum(tf.square(weight), axes, true));
}

/** An axis or a list of axes, or `GS_OPTION_VALUE`. */
export function checkAxis(where: string, axis: unknown): number | readonly number[] {
  const axes: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  if (axes.length > 0 && axes.every((one) => Number.isInteger(one))) return axis as number | readonly number[];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "axis" has a value that cannot be used',
    expected: 'an integer or a list of integers',
    received: describeValue(axis),
    next: 'Use 0 for the kernel of a dense layer, or leave it out.',
  });
}
