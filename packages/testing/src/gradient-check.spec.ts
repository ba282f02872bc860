import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gradientCheck } from './gradient-check.js';

const x = tf.tensor2d([0.5, -1.2, 2, 0.3, -0.7, 1.4], [2, 3]);

/** x^3 with a gradient that is `factor` times the right one. */
const cube = (factor: number): ((x: tf.Tensor) => tf.Tensor) =>
  tf.customGrad((x, save) => {
    const input = x as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: tf.mul(tf.square(input), input),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, tf.mul(tf.square(saved!), 3 * factor)),
    };
  });

describe('gradientCheck', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('accepts a right gradient', () => {
    gradientCheck(cube(1), [x]);
  });

  it.each([1.01, 0.99, -1, 0])('refuses a gradient that is %s times the right one', (factor) => {
    expect(() => gradientCheck(cube(factor), [x])).toThrow(/input 0, element 0/);
  });

  it('refuses a gradient that is wrong in one element alone', () => {
    const mask = tf.tensor2d([1, 1, 1, 1, 0, 1], [2, 3]);
    const f = tf.customGrad((input) => ({
      value: tf.mul(input as tf.Tensor, 2),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.mul(mask, 2)),
    }));
    expect(() => gradientCheck(f, [x])).toThrow(/input 0, element 4 is 0/);
  });

  it('refuses a gradient that leaves tensors behind', () => {
    const f = tf.customGrad((input) => ({
      value: tf.mul(input as tf.Tensor, 2),
      gradFunc: (dy: tf.Tensor) => {
        tf.keep(tf.scalar(1));
        return tf.mul(dy, 2);
      },
    }));
    expect(() => gradientCheck(f, [x])).toThrow(/left 1 tensors behind/);
  });

  it('leaves no tensor behind itself', () => {
    const before = tf.memory().numTensors;
    gradientCheck(cube(1), [x]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
