import * as tf from '@tensorflow/tfjs-core';
import { fromInput, fromOutput, type GradientTable } from './gradient-table.js';

/** Roots, powers, exponentials and logarithms, element by element. The gradient of `abs` at 0 is 0. */
export const elementwiseUnaryGradients: GradientTable = [
  fromInput(tf.Abs, (dy, x) => tf.mul(dy, tf.sign(x))),
  fromInput(tf.Erf, (dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),
  fromOutput(tf.Exp, (dy, y) => tf.mul(dy, y)),
  fromOutput(tf.Expm1, (dy, y) => tf.mul(dy, tf.add(y, 1))),
  fromInput(tf.Log, (dy, x) => tf.div(dy, x)),
  fromInput(tf.Log1p, (dy, x) => tf.div(dy, tf.add(x, 1))),
  { kernelName: tf.Neg, gradFunc: (dy) => ({ x: () => tf.neg(dy as tf.Tensor) }) },
  fromOutput(tf.Reciprocal, (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  fromOutput(tf.Rsqrt, (dy, y) => tf.mul(dy, tf.mul(tf.mul(tf.square(y), y), -0.5))),
  fromOutput(tf.Sqrt, (dy, y) => tf.div(dy, tf.mul(y, 2))),
  fromInput(tf.Square, (dy, x) => tf.mul(dy, tf.mul(x, 2))),
];
