import { checkNumber, checkOptions, describeShape, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';
import type { Regularizer } from './regularizer.js';

/** Options of `klSparsity`. */
export interface KlSparsityOptions {
  /** The mean activation that each unit should have, above 0 and below 1. Default 0.05. */
  readonly target?: number;
  /** Factor of the penalty, 0 or more. Default 0.01. */
  readonly factor?: number;
}

/** Mean activations are kept this far from 0 and 1, where the divergence is infinite. */
const EPSILON = 1e-7;

/**
 * A penalty on activations that makes each unit rarely active, for sparse representations: the Kullback-Leibler divergence
 * `factor * sum(p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)))` of the target `p` from the units' mean activations `q`.
 *
 * Takes activations `[batch, ..., units]` and averages over all axes but the last. They have to lie between 0 and 1, as after sigmoid; means are cut to
 * `[1e-7, 1 - 1e-7]`, and beyond that the gradient is 0, so that a unit that is exactly 0 (or, after relu, always above 1) is not moved.
 * The batch is averaged already: where an activity penalty is divided by the batch size, as Keras' layers do, multiply the factor by it.
 * Keras has no such regularizer; a model saved for Keras needs the class registered there as `gradstream>KlSparsity`.
 * Throws `GS_OPTION_VALUE` for a target that is not between 0 and 1 and for a negative factor; the regularizer throws `GS_REGULARIZER_INPUT` for a scalar.
 * Source: Ng, "Sparse autoencoder", CS294A lecture notes, 2011.
 */
export function klSparsity(options: KlSparsityOptions = {}): Regularizer {
  const where = 'regularizers/klSparsity';
  checkOptions(where, options, ['target', 'factor']);
  const target = checkNumber(where, 'target', options.target ?? 0.05, { min: 0, max: 1, exclusive: 'both' });
  const factor = checkNumber(where, 'factor', options.factor ?? 0.01, { min: 0 });
  const penalize = withSlope({
    value: (activations) => divergence(meansOf(activations), target, factor),
    slope: (activations) => {
      const slopes = divergenceSlope(meansOf(activations), target, factor / samplesOf(activations));
      return tf.mul(tf.onesLike(activations), slopes);
    },
  });
  const checked = (activations: tf.Tensor): tf.Scalar => {
    checkUnits(where, activations);
    return penalize(activations);
  };
  return Object.assign(checked, { config: { type: 'KlSparsity', config: { target, factor } } });
}

/** How many activations each unit has; at least 1, so that an empty batch has means of 0 and not of 0 / 0. */
const samplesOf = (activations: tf.Tensor): number =>
  Math.max(
    1,
    activations.shape.slice(0, -1).reduce((product, size) => product * size, 1),
  );

function meansOf(activations: tf.Tensor): tf.Tensor {
  const units = activations.shape.at(-1)!;
  // tfjs-backend-wasm leaves a sum of nothing as it finds it in its memory.
  if (activations.size === 0) return tf.zeros([units]);
  const rows = tf.reshape(activations, [activations.size / units, units]);
  return tf.div(tf.sum(rows, 0), samplesOf(activations));
}

/** A mean, or its distance from 1, kept away from 0 and 1. The distance is cut by itself: float32 has no number at 1 - 1e-7. */
const cut = (x: tf.Tensor): tf.Tensor => tf.clipByValue(x, EPSILON, 1 - EPSILON);

function divergence(means: tf.Tensor, target: number, factor: number): tf.Scalar {
  const ofTarget = target * Math.log(target) + (1 - target) * Math.log(1 - target);
  const active = tf.mul(tf.log(cut(means)), target);
  const silent = tf.mul(tf.log(cut(tf.sub(1, means))), 1 - target);
  return tf.mul(tf.sum(tf.sub(ofTarget, tf.add(active, silent))), factor);
}

function divergenceSlope(means: tf.Tensor, target: number, factor: number): tf.Tensor {
  const [active, silent] = [cut(means), cut(tf.sub(1, means))];
  const inside = tf.logicalAnd(tf.greater(active, EPSILON), tf.greater(silent, EPSILON));
  // (1 - p) / (1 - q) - p / q as one fraction, which keeps its digits where q is near p.
  const slopes = tf.div(tf.sub(means, target), tf.mul(active, silent));
  return tf.mul(tf.mul(slopes, tf.cast(inside, 'float32')), factor);
}

function checkUnits(where: string, activations: tf.Tensor): void {
  if (activations.rank > 0) return;
  throw new GradstreamError('GS_REGULARIZER_INPUT', {
    where,
    what: 'A single number has no units to average over',
    expected: 'activations [batch, ..., units]',
    received: `the shape ${describeShape(activations.shape)}`,
    next: 'Pass the activations of a layer before they are summed.',
  });
}
