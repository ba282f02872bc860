import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';
import { unrecorded } from './unrecorded.js';
import { valueAndGradients } from './value-and-gradients.js';

await tf.setBackend('cpu');
registerGradients();

it('gives a constant that takes part in no gradient and keeps nothing for one', () => {
  const x = tf.variable(tf.tensor1d([1, 2]));
  const before = tf.memory().numTensors;
  let seen: tf.Tensor | undefined;
  const { value, gradients } = valueAndGradients(
    () => {
      const y = tf.square(x);
      const during = tf.memory().numTensors;
      seen = tf.keep(unrecorded(() => tf.sum(tf.mul(tf.exp(y), 2))));
      expect(tf.memory().numTensors).toBe(during + 1);
      return tf.add(tf.sum(y), tf.mul(seen, 0)) as tf.Scalar;
    },
    { x },
  );
  expectAllClose(gradients['x']!, [2, 4]);
  expectAllClose(seen!, 2 * (Math.E + Math.E ** 4));
  tf.dispose([value, gradients, seen!]);
  expect(tf.memory().numTensors).toBe(before);
  x.dispose();
});
