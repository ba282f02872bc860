import * as tf from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import { unrecorded } from './unrecorded.js';

/** The backend kernel: input `x` float32; output float32 [7]. */
const KERNEL = 'GradstreamStatistics';

/**
 * What is worth knowing about a tensor, as seven float32 numbers on the device: number of elements, Euclidean norm, mean, standard deviation, minimum,
 * maximum, and the fraction of elements that are exactly 0.
 *
 * Any shape and number type; nothing is read back. The deviation is that of the elements themselves (divided by n), from their distances to the mean,
 * so that a small spread around a large mean keeps its digits. Runs the backend's kernel `GradstreamStatistics` where there is one. An empty tensor
 * gives NaN but for its size. The result is a constant: no gradient flows through it, and watching a tensor keeps nothing for the backward pass.
 */
export function tensorStatistics(x: tf.Tensor): tf.Tensor {
  return unrecorded(() => statistics(x));
}

function statistics(x: tf.Tensor): tf.Tensor {
  if (x.size === 0) return tf.tensor1d([0, NaN, NaN, NaN, NaN, NaN, NaN]);
  const numbers = x.dtype === 'float32' ? x : tf.cast(x, 'float32');
  if (hasKernel(KERNEL)) return runKernel(KERNEL, { x: numbers });
  const n = x.size;
  const flat = alias(numbers, [1, n]);
  const all = { axis: [1], keepDims: true };
  const mean = runKernel(tf.Mean, { x: flat }, all);
  const centred = runKernel(tf.Sub, { a: flat, b: mean });
  const variance = runKernel(tf.Mean, { x: runKernel(tf.Multiply, { a: centred, b: centred }) }, all);
  const isZero = tf.cast(tf.equal(flat, 0), 'float32');
  const parts = [
    tf.fill([1, 1], n),
    // The sum of squares follows from mean and variance.
    tf.sqrt(tf.mul(tf.add(variance, tf.square(mean)), n)),
    mean,
    tf.sqrt(variance),
    runKernel(tf.Min, { x: flat }, all),
    runKernel(tf.Max, { x: flat }, { reductionIndices: [1], keepDims: true }),
    runKernel(tf.Mean, { x: isZero }, all),
  ];
  return alias(tf.concat(parts, 1), [7]);
}
