import { fusedBatchNorm, type BatchNormalized, type MovingStatistics } from '@gradstream/autodiff';
import { describeShape, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';

/** Mean and variance of each channel. */
export interface BatchStatistics {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/** What Keras adds to a count before it divides by it. */
const TINY = 1e-7;

/**
 * Mean and variance of the channels, dimension `axis`, over the positions that the mask has. The mask has the input's shape without the last dimension; anything
 * else throws `GS_LAYER_MASK`.
 */
export function batchStatistics(x: tf.Tensor, mask: tf.Tensor, axis: number): BatchStatistics {
  if (mask.rank !== x.rank - 1) {
    throw new GradstreamError('GS_LAYER_MASK', {
      where: 'layers/batchNormalization',
      what: `The mask has ${mask.rank} dimension${mask.rank === 1 ? '' : 's'}`,
      expected: `those of the input without the last: ${describeShape(x.shape.slice(0, -1))}`,
      received: describeShape(mask.shape),
      next: 'Flatten or reshape the input so that the mask says something about each of its positions.',
    });
  }
  const axes = x.shape.map((_, place) => place).filter((place) => place !== axis);
  const counts = tf.tile(tf.expandDims(tf.cast(mask, 'float32'), -1), [...mask.shape.map(() => 1), x.shape.at(-1)!]);
  const total = tf.add(tf.sum(counts, axes, true), TINY);
  const inside = tf.cast(counts, 'bool');
  const within = (values: tf.Tensor): tf.Tensor => tf.where(inside, values, tf.zerosLike(values));
  const mean = tf.div(tf.sum(within(x), axes, true), total);
  const variance = tf.div(tf.sum(tf.square(within(tf.sub(x, mean))), axes, true), total);
  const flat = (statistic: tf.Tensor): tf.Tensor => tf.reshape(statistic, [x.shape[axis]!]);
  return { mean: flat(mean), variance: flat(variance) };
}

/** Normalizes the last dimension by its statistics in this batch, and gives them, and the running ones that `moving` become. */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor | undefined,
  beta: tf.Tensor | undefined,
  epsilon: number,
  moving?: MovingStatistics,
): BatchNormalized {
  return fusedBatchNorm({ x, gamma, beta, epsilon, moving });
}

/** Normalizes the last dimension by given statistics: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`. */
export function normalize(
  x: tf.Tensor,
  { mean, variance }: BatchStatistics,
  gamma: tf.Tensor | undefined,
  beta: tf.Tensor | undefined,
  epsilon: number,
): tf.Tensor {
  // As rows of channels: one kernel on every backend, whatever the dimensions.
  const rows = tf.reshape(x, [-1, x.shape.at(-1)!]) as tf.Tensor2D;
  const channels = (one: tf.Tensor): tf.Tensor1D => one as tf.Tensor1D;
  const given = { gamma: gamma ?? tf.onesLike(mean), beta: beta ?? tf.zerosLike(mean) };
  const [offset, scale] = [channels(given.beta), channels(given.gamma)];
  return tf.reshape(tf.batchNorm(rows, channels(mean), channels(variance), offset, scale, epsilon), x.shape);
}
