import * as tf from '@tensorflow/tfjs-core';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Softmax and its logarithm, from their outputs. */
export const softmaxGradients: GradientTable = [
  kernelGradient(tf.Softmax, {
    output: true,
    gradient: (dy, [y], attributes) => ({
      logits: () => {
        const weighted = tf.mul(dy, y!);
        return tf.sub(weighted, tf.mul(tf.sum(weighted, attributes['dim'] as number, true), y!));
      },
    }),
  }),
  kernelGradient(tf.LogSoftmax, {
    output: true,
    gradient: (dy, [y], attributes) => ({
      logits: () => tf.sub(dy, tf.mul(tf.sum(dy, attributes['axis'] as number, true), tf.exp(y!))),
    }),
  }),
];
