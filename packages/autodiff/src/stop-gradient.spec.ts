import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';
import { stopGradient } from './stop-gradient.js';

await tf.setBackend('cpu');
registerGradients();

it('hands the numbers on and no gradient', () => {
  const x = tf.tensor1d([1, 2, 3]);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    expectAllClose(stopGradient(x), x);
    expectAllClose(tf.grad((y) => tf.mul(y, stopGradient(y)))(x), x);
  });
  expect(tf.memory().numTensors).toBe(before);
});
