import * as tf from '@tensorflow/tfjs-core';
import { normalizationInputs, type NormalizationOperands } from './internal/normalization-operands.js';
import { plainGradients } from './internal/plain-gradients.js';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import { runOperation } from './internal/run-operation.js';

/** The backend kernels: outputs y, means and inverse deviations [rows]; then the gradients by x, gamma and beta. */
const KERNEL = 'GradstreamLayerNorm';
const GRADIENT = 'GradstreamLayerNormGradient';

/**
 * Layer normalization over the last dimension, float32: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, each row by its own mean and variance.
 *
 * The variance is divided by n. Gives x's shape. Forward and backward pass are one kernel each where the backend has `GradstreamLayerNorm` and
 * `GradstreamLayerNormGradient`, plain kernels elsewhere. Throws `GS_AUTODIFF_SHAPE` for shapes that do not fit and `GS_OPTION_VALUE`,
 * `GS_OPTION_TYPE` and `GS_OPTION_UNKNOWN` for bad options. Source: Ba, Kiros, Hinton, arXiv:1607.06450.
 */
export function fusedLayerNorm(operands: NormalizationOperands): tf.Tensor {
  const { inputs, epsilon } = normalizationInputs('autodiff/fusedLayerNorm', operands);
  if (inputs.x.dtype !== 'float32') {
    return tf.tidy(() => fusedLayerNorm({ ...operands, x: tf.cast(inputs.x, 'float32') }));
  }
  if (!hasKernel(KERNEL)) return tf.tidy(() => plain(inputs, epsilon));
  const names = Object.keys(inputs);
  return runOperation({
    inputs,
    forward: (save) => {
      const [y, mean, inverse] = runKernel<tf.Tensor[]>(KERNEL, inputs, { epsilon });
      save([mean!, inverse!, ...Object.values(inputs)]);
      return y!;
    },
    backward: (dy, [mean, inverse, ...saved]) => {
      const given = Object.fromEntries(names.map((name, index) => [name, saved[index]!]));
      // While a second derivative is recorded, plain kernels are needed: the fused one has no gradient.
      if (tf.engine().isTapeOn()) return plainGradients((moved) => plain(moved, epsilon), given, dy);
      const { beta: _, ...needed } = given;
      const [dx, dGamma, dBeta] = runKernel<tf.Tensor[]>(GRADIENT, { dy, mean: mean!, inverse: inverse!, ...needed });
      return { x: () => dx!, gamma: () => dGamma!, beta: () => dBeta! };
    },
  });
}

function plain({ x, gamma, beta }: tf.NamedTensorMap, epsilon: number): tf.Tensor {
  const centred = tf.sub(x!, tf.mean(x!, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
  const scaled = gamma === undefined ? normal : tf.mul(normal, gamma);
  return beta === undefined ? scaled : tf.add(scaled, beta);
}
