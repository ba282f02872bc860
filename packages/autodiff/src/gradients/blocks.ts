import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Kernels that move blocks of an image between its space and its batch or channels: each is undone by its counterpart. */
export const blocksGradients: GradientTable = [
  kernelGradient(tf.BatchToSpaceND, {
    gradient: (dy, _saved, attributes) => {
      const { blockShape, crops } = attributes as unknown as tf.BatchToSpaceNDAttrs;
      return { x: () => tf.spaceToBatchND(dy, blockShape, crops) };
    },
  }),
  kernelGradient(tf.SpaceToBatchND, {
    gradient: (dy, _saved, attributes) => {
      const { blockShape, paddings } = attributes as unknown as tf.SpaceToBatchNDAttrs;
      return { x: () => tf.batchToSpaceND(dy, blockShape, paddings) };
    },
  }),
  kernelGradient(tf.DepthToSpace, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => {
      const { blockSize: block, dataFormat } = attributes as unknown as tf.DepthToSpaceAttrs;
      return { x: () => spaceToDepth(dy, x!.shape, block, dataFormat) };
    },
  }),
];

function spaceToDepth(dy: tf.Tensor, shape: number[], block: number, dataFormat: 'NHWC' | 'NCHW'): tf.Tensor {
  if (dataFormat === 'NHWC') {
    const [batch, height, width, channels] = shape as [number, number, number, number];
    const split = alias(dy, [batch, height, block, width, block, channels / block ** 2]);
    return alias(tf.transpose(split, [0, 1, 3, 2, 4, 5]), shape);
  }
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const split = alias(dy, [batch, channels / block ** 2, height, block, width, block]);
  return alias(tf.transpose(split, [0, 3, 5, 1, 2, 4]), shape);
}
