import { describeShape, GradstreamError } from '@gradstream/core';
import { cast, reshape, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Sample weights in a shape that broadcasts over values of the given shape: float32, the same rank, each size equal or 1.
 *
 * Weights have the values' shape or its beginning ([batch] for values [batch, k]), a last axis of 1 more, or are a scalar. Throws `GS_METRIC_WEIGHT`
 * for anything else: nothing is aligned at its end, as Keras' broadcasting does by mistake for some shapes.
 */
export function alignWeights(where: string, weights: Tensor, shape: readonly number[]): Tensor {
  const sizes =
    weights.rank === shape.length + 1 && weights.shape.at(-1) === 1 ? weights.shape.slice(0, -1) : weights.shape;
  if (sizes.length > shape.length || sizes.some((size, axis) => size !== 1 && size !== shape[axis])) {
    throw new GradstreamError('GS_METRIC_WEIGHT', {
      where,
      what: 'The sample weights do not fit the values',
      expected: `the beginning of ${describeShape(shape)}`,
      received: describeShape(weights.shape),
      next: 'Give one weight for each sample, or one for each value.',
    });
  }
  const padded = [...sizes, ...shape.slice(sizes.length).map(() => 1)];
  const numbers = weights.dtype === 'float32' ? weights : cast(weights, 'float32');
  return padded.length === weights.rank && padded.every((size, axis) => size === weights.shape[axis])
    ? numbers
    : reshape(numbers, padded);
}
