import * as tf from '@tensorflow/tfjs-core';
import { passTo, sumTo } from '../internal/sum-to.js';
import { fromPair, kernelGradient, type GradientTable } from './gradient-table.js';

/** Arithmetic of two tensors that broadcast against each other; each gradient is summed back to its input's shape. */
export const elementwiseBinaryGradients: GradientTable = [
  fromPair(tf.Add, (dy, a, b) => ({ a: () => passTo(dy, a.shape), b: () => passTo(dy, b.shape) })),
  fromPair(tf.Sub, (dy, a, b) => ({ a: () => passTo(dy, a.shape), b: () => tf.neg(sumTo(dy, b.shape)) })),
  fromPair(tf.Multiply, (dy, a, b) => ({
    a: () => sumTo(tf.mul(dy, b), a.shape),
    b: () => sumTo(tf.mul(dy, a), b.shape),
  })),
  fromPair(tf.RealDiv, (dy, a, b) => ({
    a: () => sumTo(tf.div(dy, b), a.shape),
    b: () => tf.neg(sumTo(tf.div(tf.mul(dy, a), tf.square(b)), b.shape)),
  })),
  kernelGradient(tf.AddN, {
    allInputs: true,
    gradient: (dy, inputs) => Object.fromEntries(inputs.map((input, index) => [index, () => passTo(dy, input.shape)])),
  }),
  // Where the base is not above 0 its logarithm is no number: the exponent gets no gradient there, as in TensorFlow.
  kernelGradient(tf.Pow, {
    inputs: ['a', 'b'],
    output: true,
    gradient: (dy, [a, b, y]) => ({
      a: () => sumTo(tf.mul(dy, tf.mul(b!, tf.pow(a!, tf.sub(b!, 1)))), a!.shape),
      b: () => {
        const positive = tf.greater(a!, 0);
        const logarithm = tf.where(positive, tf.log(tf.where(positive, a!, 1)), 0);
        return sumTo(tf.mul(dy, tf.mul(y!, logarithm)), b!.shape);
      },
    }),
  }),
  fromPair(tf.SquaredDifference, (dy, a, b) => {
    const slope = (): tf.Tensor => tf.mul(dy, tf.mul(tf.sub(a, b), 2));
    return { a: () => sumTo(slope(), a.shape), b: () => tf.neg(sumTo(slope(), b.shape)) };
  }),
  // At a tie the first input gets the whole gradient, as in TensorFlow.
  fromPair(tf.Maximum, (dy, a, b) => ({
    a: () => sumTo(tf.mul(dy, mask(tf.greaterEqual(a, b))), a.shape),
    b: () => sumTo(tf.mul(dy, mask(tf.less(a, b))), b.shape),
  })),
  fromPair(tf.Minimum, (dy, a, b) => ({
    a: () => sumTo(tf.mul(dy, mask(tf.lessEqual(a, b))), a.shape),
    b: () => sumTo(tf.mul(dy, mask(tf.greater(a, b))), b.shape),
  })),
  fromPair(tf.Mod, (dy, a, b) => ({
    a: () => passTo(dy, a.shape),
    b: () => tf.neg(sumTo(tf.mul(dy, tf.floor(tf.div(a, b))), b.shape)),
  })),
  fromPair(tf.Atan2, (dy, a, b) => {
    const square = (): tf.Tensor => tf.add(tf.square(a), tf.square(b));
    return {
      a: () => sumTo(tf.mul(dy, tf.div(b, square())), a.shape),
      b: () => tf.neg(sumTo(tf.mul(dy, tf.div(a, square())), b.shape)),
    };
  }),
];

const mask = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32');
