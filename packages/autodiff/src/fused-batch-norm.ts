import * as tf from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import {
  checkMoving,
  normalizationInputs,
  type MovingStatistics,
  type NormalizationOperands,
} from './internal/normalization-operands.js';
import { offTape } from './internal/open-engine.js';
import { plainGradients } from './internal/plain-gradients.js';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import { runOperation } from './internal/run-operation.js';
import { runningMean } from './running-mean.js';
import { stopGradient } from './stop-gradient.js';

/** The backend kernels: outputs y, means and variances [n], and where there are running statistics these after the batch; then the gradients by x, gamma and beta. */
const KERNEL = 'GradstreamBatchNorm';
const GRADIENT = 'GradstreamBatchNormGradient';

/** What `fusedBatchNorm` takes. */
export interface BatchNormOperands extends NormalizationOperands {
  /** Running statistics that take their part of the batch's. None by default. */
  readonly moving?: MovingStatistics | undefined;
}

/** What `fusedBatchNorm` gives. */
export interface BatchNormalized {
  readonly y: tf.Tensor;
  /** The mean of each channel, [n]: a constant for gradients. */
  readonly mean: tf.Tensor;
  /** The variance of each channel, [n], divided by the number of rows: a constant for gradients. */
  readonly variance: tf.Tensor;
  /** The running statistics after this batch, where they were given: constants for gradients. */
  readonly moving?: { readonly mean: tf.Tensor; readonly variance: tf.Tensor };
}

/**
 * Batch normalization for training, float32, channels last: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, each channel by the mean and variance
 * that it has in x, over all other dimensions.
 *
 * Running statistics become `before * momentum + value * (1 - momentum)`: new tensors, the given ones stay. The gradient by x goes through both statistics. Forward and backward pass are one kernel each where the backend has `GradstreamBatchNorm` and
 * `GradstreamBatchNormGradient`, plain kernels elsewhere. Throws as `fusedLayerNorm` does. Source: Ioffe, Szegedy, arXiv:1502.03167.
 */
export function fusedBatchNorm(operands: BatchNormOperands): BatchNormalized {
  const { inputs, epsilon } = normalizationInputs('autodiff/fusedBatchNorm', operands, ['moving']);
  const moving = checkMoving('autodiff/fusedBatchNorm', operands.moving, inputs.x.shape.at(-1)!);
  if (inputs.x.dtype !== 'float32') return fusedBatchNorm({ ...operands, x: tf.cast(inputs.x, 'float32') });
  if (!hasKernel(KERNEL)) {
    const { y, mean, variance } = plain(inputs, epsilon);
    const constants = { mean: stopGradient(mean), variance: stopGradient(variance) };
    return { y, ...constants, ...(moving && { moving: moved(moving, constants) }) };
  }
  // Outside the operation, which gives one result, and off the tape: the statistics are constants.
  const [result, mean, variance, nextMean, nextVariance] = offTape(() =>
    runKernel<tf.Tensor[]>(
      KERNEL,
      { ...inputs, ...(moving && { movingMean: moving.mean, movingVariance: moving.variance }) },
      { epsilon, ...(moving && { momentum: moving.momentum }) },
    ),
  );
  const names = Object.keys(inputs);
  const y = runOperation({
    inputs,
    forward: (save) => {
      save([mean!, variance!, ...Object.values(inputs)]);
      return alias(result!);
    },
    backward: (dy, [savedMean, savedVariance, ...saved]) => {
      const given = Object.fromEntries(names.map((name, index) => [name, saved[index]!]));
      // While a second derivative is recorded, plain kernels are needed: the fused one has no gradient.
      if (tf.engine().isTapeOn()) return plainGradients((moved) => plain(moved, epsilon).y, given, dy);
      const { beta: _, ...needed } = given;
      const statistics = { mean: savedMean!, variance: savedVariance! };
      const [dx, dGamma, dBeta] = runKernel<tf.Tensor[]>(GRADIENT, { dy, ...statistics, ...needed }, { epsilon });
      return { x: () => dx!, gamma: () => dGamma!, beta: () => dBeta! };
    },
  });
  result!.dispose();
  return {
    y,
    mean: mean!,
    variance: variance!,
    ...(moving && { moving: { mean: nextMean!, variance: nextVariance! } }),
  };
}

function moved(
  { mean, variance, momentum }: MovingStatistics,
  batch: { readonly mean: tf.Tensor; readonly variance: tf.Tensor },
): { readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
  return {
    mean: runningMean(mean, batch.mean, momentum),
    variance: runningMean(variance, batch.variance, momentum),
  };
}

function plain({ x, gamma, beta }: tf.NamedTensorMap, epsilon: number): BatchNormalized {
  const [variance, mean, y] = tf.tidy(() => {
    const axes = x!.shape.slice(0, -1).map((_, axis) => axis);
    const { mean: centre, variance: spread } = moments(x!, axes);
    const factor = tf.rsqrt(tf.add(spread, epsilon));
    const normal = tf.mul(tf.sub(x!, centre), gamma === undefined ? factor : tf.mul(factor, gamma));
    return [spread, centre, beta === undefined ? normal : tf.add(normal, beta)];
  }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { y, mean, variance };
}

/** Mean and variance; without axes each element is its own mean. */
function moments(x: tf.Tensor, axes: number[]): { readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
  const mean = tf.mean(x, axes);
  return { mean, variance: tf.mean(tf.square(tf.sub(x, mean)), axes) };
}
