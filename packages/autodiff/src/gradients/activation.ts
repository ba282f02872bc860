import * as tf from '@tensorflow/tfjs-core';
import { activationGradient } from '../internal/activation-gradient.js';
import { runKernel } from '../internal/run-kernel.js';
import { sumTo } from '../internal/sum-to.js';
import { fromInput, fromOutput, kernelGradient, type GradientTable } from './gradient-table.js';

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = SELU_SCALE * 1.6732632423543772;

/**
 * The activations that are kernels of their own.
 *
 * At a kink they take the slope of the left side, as TensorFlow does: `relu` and `relu6` have slope 0 at 0, and `relu6` has slope 0 at 6.
 */
export const activationGradients: GradientTable = [
  fromOutput(tf.Relu, (dy, y) => activationGradient('relu', dy, y)),
  fromOutput(tf.Relu6, (dy, y) => activationGradient('relu6', dy, y)),
  fromOutput(tf.Sigmoid, (dy, y) => activationGradient('sigmoid', dy, y)),
  fromOutput(tf.Tanh, (dy, y) => activationGradient('tanh', dy, y)),
  fromOutput(tf.Elu, (dy, y) => activationGradient('elu', dy, y)),
  // EluGrad gives dy above 0 and dy (y + 1) below.
  kernelGradient(tf.EluGrad, {
    inputs: ['dy', 'y'],
    gradient: (g, [dy, y]) => ({
      dy: () => runKernel(tf.EluGrad, { dy: g, y: y! }),
      y: () => tf.mul(tf.mul(g, dy!), tf.cast(tf.less(y!, 0), 'float32')),
    }),
  }),
  // Above 0 the slope is the scale, below 0 it is y + scale alpha.
  fromOutput(tf.Selu, (dy, y) => tf.mul(dy, tf.where(tf.greater(y, 0), SELU_SCALE, tf.add(y, SELU_SCALE_ALPHA)))),
  kernelGradient(tf.LeakyRelu, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => ({
      x: () => tf.where(tf.greater(x!, 0), dy, tf.mul(dy, attributes['alpha'] as number)),
    }),
  }),
  kernelGradient(tf.Prelu, {
    inputs: ['x', 'alpha'],
    gradient: (dy, [x, alpha]) => ({
      x: () => tf.where(tf.greater(x!, 0), dy, tf.mul(dy, alpha!)),
      alpha: () => sumTo(tf.mul(dy, tf.minimum(x!, 0)), alpha!.shape),
    }),
  }),
  fromInput(tf.Softplus, (dy, x) => tf.mul(dy, tf.sigmoid(x))),
];
