import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose, gradientCheck } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bandsOf } from './internal/bands-of.js';
import { registerGradients } from './register-gradients.js';
import { resampleAxis } from './resample-axis.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

/** Three new values of four old ones; the second has none. */
const MATRIX = Float32Array.of(0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0.25, 0, 2);

describe('resampleAxis', () => {
  it('multiplies one dimension with the matrix', () => {
    tf.tidy(() => {
      const x = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [1, 4, 2]);
      expectAllClose(resampleAxis({ x, axis: 1, matrix: MATRIX }), tf.tensor3d([2, 3, 0, 0, 14.75, 17], [1, 3, 2]));
    });
  });

  it('has its gradient, and the gradient of that', () => {
    tf.tidy(() => {
      const x = tf.tensor(
        Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
        [2, 4, 3],
      );
      gradientCheck((x) => tf.square(resampleAxis({ x: x!, axis: 1, matrix: MATRIX })), [x]);
      const slope = (x: tf.Tensor): tf.Tensor =>
        tf.grad((x) => tf.sum(tf.pow(resampleAxis({ x, axis: 1, matrix: MATRIX }), 3)))(x);
      gradientCheck((x) => slope(x!), [x]);
    });
  });

  it('refuses a matrix of another size', () => {
    const x = tf.zeros([2, 5]);
    expect(() => resampleAxis({ x, axis: 1, matrix: MATRIX })).toThrow(/GS_AUTODIFF_SHAPE.*12 numbers/s);
    expect(() => resampleAxis({ x, axis: 2, matrix: MATRIX })).toThrow(/GS_AUTODIFF_SHAPE/);
    x.dispose();
  });
});

describe('bandsOf', () => {
  it('keeps what is not 0, with its place', () => {
    const { to, taps, bands } = bandsOf(MATRIX, [3, 4]);
    expect([to, taps]).toEqual([3, 3]);
    expect([0, 5, 10].map((at) => [bands[at], bands[at + 1]])).toEqual([
      [0, 2],
      [0, 0],
      [1, 3],
    ]);
    expect([...new Float32Array(bands.buffer).subarray(12, 15)]).toEqual([0.25, 0, 2]);
  });
});
