import * as tf from '@tensorflow/tfjs-core';
import { fromInput, type GradientTable } from './gradient-table.js';

/** Circular and hyperbolic functions and their inverses. `Tanh` is among the activations. */
export const trigonometricGradients: GradientTable = [
  fromInput(tf.Acos, (dy, x) => tf.neg(tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x)))))),
  fromInput(tf.Acosh, (dy, x) => tf.div(dy, tf.sqrt(tf.sub(tf.square(x), 1)))),
  fromInput(tf.Asin, (dy, x) => tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x))))),
  fromInput(tf.Asinh, (dy, x) => tf.div(dy, tf.sqrt(tf.add(tf.square(x), 1)))),
  fromInput(tf.Atan, (dy, x) => tf.div(dy, tf.add(tf.square(x), 1))),
  fromInput(tf.Atanh, (dy, x) => tf.div(dy, tf.sub(1, tf.square(x)))),
  fromInput(tf.Cos, (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  fromInput(tf.Cosh, (dy, x) => tf.mul(dy, tf.sinh(x))),
  fromInput(tf.Sin, (dy, x) => tf.mul(dy, tf.cos(x))),
  fromInput(tf.Sinh, (dy, x) => tf.mul(dy, tf.cosh(x))),
  fromInput(tf.Tan, (dy, x) => tf.div(dy, tf.square(tf.cos(x)))),
];
