import { GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { activationGradient } from '../internal/activation-gradient.js';
import type { Thunks } from '../internal/run-operation.js';
import { passTo } from '../internal/sum-to.js';
import { convolutionThunks } from './convolution.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';
import { matrixProductThunks } from './matrix-product.js';

/**
 * Kernels that add a bias and apply an activation to what they compute.
 *
 * The engine hands over no input that may be missing: the bias is taken to be one number a channel, and weights of a `prelu` cannot be had. The ops of
 * `tf.fused` do not come here: they bring their own gradients, and run apart from activations while gradients are recorded.
 */
export const fusedGradients: GradientTable = [
  fused(tf.FusedConv2D, ['x', 'filter'], (dz, operands, attributes) =>
    convolutionThunks('dense', dz, operands, attributes),
  ),
  fused(tf.FusedDepthwiseConv2D, ['x', 'filter'], (dz, operands, attributes) =>
    convolutionThunks('depthwise', dz, operands, attributes),
  ),
  fused(tf._FusedMatMul, ['a', 'b'], (dz, operands, attributes) => {
    return matrixProductThunks(dz, operands, attributes as unknown as tf.BatchMatMulAttrs);
  }),
];

function fused(
  kernelName: string,
  inputs: readonly [string, string],
  operandsOf: (dz: tf.Tensor, operands: readonly [tf.Tensor, tf.Tensor], attributes: tf.NamedAttrMap) => Thunks,
): tf.GradConfig {
  return kernelGradient(kernelName, {
    inputs,
    output: true,
    gradient: (dy, [left, right, y], attributes) => {
      const dz = beforeActivation(kernelName, dy, y!, attributes);
      const channels = attributes['dataFormat'] === 'NCHW' ? [y!.shape[1]!, 1, 1] : [y!.shape.at(-1)!];
      return {
        ...operandsOf(dz, [left!, right!], attributes),
        bias: () => {
          const sum = passTo(dz, channels);
          return channels.length === 1 ? sum : tf.reshape(sum, [channels[0]!]);
        },
      };
    },
  });
}

/** The gradient by what the activation was applied to, from its result. */
function beforeActivation(where: string, dy: tf.Tensor, y: tf.Tensor, attributes: tf.NamedAttrMap): tf.Tensor {
  const activation = (attributes['activation'] ?? 'linear') as tf.backend_util.Activation;
  if (activation === 'linear') return dy;
  if (activation === 'leakyrelu') {
    // Its sign is the sign of its result, slopes below 0 left aside.
    return tf.where(tf.greater(y, 0), dy, tf.mul(dy, attributes['leakyreluAlpha'] as number));
  }
  if (activation !== 'prelu') return activationGradient(activation, dy, y);
  throw new GradstreamError('GS_AUTODIFF_FUSED', {
    where: `autodiff/${where}`,
    what: 'The gradient needs the weights of the prelu, which the engine does not keep',
    expected: 'another activation',
    received: '"prelu"',
    next: 'Run the activation apart, with tf.prelu.',
  });
}
