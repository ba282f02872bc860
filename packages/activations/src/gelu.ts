import { checkBoolean, checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { withSlope, type Elementwise } from './internal/with-slope.js';

/** Options of `gelu`. */
export interface GeluOptions {
  /** Uses the formula with tanh instead of the exact one. Default false. */
  readonly approximate?: boolean;
}

/**
 * The Gaussian error linear unit: `x * P(X <= x)` for a standard normal X, which is `x / 2 * (1 + erf(x / sqrt(2)))`.
 *
 * `approximate: true` gives `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))`. Any shape. Where a backend approximates erf (error at most
 * 1.5e-7 in tfjs), the exact form has half that error times |x|. Source: Hendrycks, Gimpel, "Gaussian error linear units", 2016.
 */
export function gelu(x: tf.Tensor, options: GeluOptions = {}): tf.Tensor {
  checkOptions('activations/gelu', options, ['approximate']);
  const approximate = checkBoolean('activations/gelu', 'approximate', options.approximate ?? false);
  return withSlope('gelu', x, approximate ? byTanh : byErf);
}

/** P(X <= x) of the standard normal distribution. */
const below = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);

const byErf: Elementwise = {
  value: (x) => tf.mul(x, below(x)),
  slope: (x) => {
    const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return tf.add(below(x), tf.mul(x, density));
  },
};

// (1 + tanh(u)) / 2 is sigmoid(2 u), which keeps its digits for small x. These are the coefficients of 2 u = x * (A + B * x^2).
const A = 2 * Math.sqrt(2 / Math.PI);
const B = A * 0.044715;

const gate = (x: tf.Tensor, squared: tf.Tensor): tf.Tensor => tf.sigmoid(tf.mul(x, tf.add(tf.mul(squared, B), A)));

const byTanh: Elementwise = {
  value: (x) => tf.mul(x, gate(x, tf.square(x))),
  slope: (x) => {
    const squared = tf.square(x);
    const opened = gate(x, squared);
    const steepness = tf.mul(x, tf.add(tf.mul(squared, 3 * B), A));
    return tf.mul(opened, tf.add(tf.mul(tf.sub(1, opened), steepness), 1));
  },
};
