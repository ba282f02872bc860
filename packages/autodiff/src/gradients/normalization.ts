import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { runKernel } from '../internal/run-kernel.js';
import type { Thunks } from '../internal/run-operation.js';
import { passTo, sumTo } from '../internal/sum-to.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Normalization by given statistics, and over neighbouring channels. */
export const normalizationGradients: GradientTable = [
  kernelGradient(tf.FusedBatchNorm, {
    inputs: ['x', 'mean', 'variance', 'scale'],
    gradient: (dy, [x, mean, variance, scale], attributes): Thunks => {
      const inverse = (): tf.Tensor => tf.rsqrt(tf.add(variance!, attributes['varianceEpsilon'] as number));
      const centered = (): tf.Tensor => tf.sub(x!, mean!);
      return {
        x: () => tf.mul(dy, tf.mul(inverse(), scale!)),
        mean: () => tf.neg(tf.mul(sumTo(dy, mean!.shape), tf.mul(inverse(), scale!))),
        variance: () => {
          const factor = tf.mul(tf.mul(tf.pow(inverse(), 3), scale!), -0.5);
          return tf.mul(sumTo(tf.mul(dy, centered()), variance!.shape), factor);
        },
        scale: () => tf.mul(sumTo(tf.mul(dy, centered()), scale!.shape), inverse()),
        offset: () => passTo(dy, mean!.shape),
      };
    },
  }),
  kernelGradient(tf.LRN, {
    inputs: ['x'],
    output: true,
    gradient: (dy, [x, y], attributes) => ({
      x: () =>
        // While a second derivative is recorded plain kernels make it, which show how it depends on x.
        tf.engine().isTapeOn()
          ? responseGradient(dy, x!, attributes)
          : runKernel(tf.LRNGrad, { x: x!, y: y!, dy }, attributes),
    }),
  }),
];

/** `dy norm^-beta - 2 alpha beta x sum(dy x norm^(-beta - 1))`, sums over neighbours, norm = bias + alpha sum(x^2). */
function responseGradient(dy: tf.Tensor, x: tf.Tensor, attributes: tf.NamedAttrMap): tf.Tensor {
  const { depthRadius, bias, alpha, beta } = attributes as unknown as tf.LRNAttrs;
  const channels = x.shape.at(-1)!;
  const near = Float32Array.from({ length: channels * channels }, (_, index) =>
    Math.abs((index % channels) - Math.floor(index / channels)) <= depthRadius ? 1 : 0,
  );
  const neighbours = tf.tensor2d(near, [channels, channels]);
  const sumNeighbours = (values: tf.Tensor): tf.Tensor =>
    alias(tf.matMul(alias(values, [x.size / channels, channels]) as tf.Tensor2D, neighbours), x.shape);
  const norm = tf.add(tf.mul(sumNeighbours(tf.square(x)), alpha), bias);
  const power = tf.pow(norm, -beta);
  const others = sumNeighbours(tf.div(tf.mul(tf.mul(dy, x), power), norm));
  return tf.sub(tf.mul(dy, power), tf.mul(tf.mul(x, others), 2 * alpha * beta));
}
