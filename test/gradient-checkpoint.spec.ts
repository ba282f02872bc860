import {
  fusedDense,
  gradientCheckpoint,
  keyedDropout,
  keyedNormal,
  registerGradients,
  StepCounter,
  valueAndGradients,
} from '@gradstream/autodiff';
import { foldIn, randomKey } from '@gradstream/core';
import { useBackend } from 'gradstream';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

registerGradients();

it.each(['wasm', 'wasm-simd'])('a checkpoint gives the same bits on %s, dropout included', async (backend) => {
  expect((await useBackend(backend)).name).toBe(backend);
  const key = randomKey(2);
  const counter = new StepCounter(4);
  const variables = { kernel: tf.variable(keyedNormal([8, 8], key, 0)), bias: tf.variable(keyedNormal([8], key, 1)) };
  const x = keyedNormal([4, 8], key, 2);
  const block = (input: tf.Tensor): tf.Tensor =>
    keyedDropout(fusedDense({ x: input, ...variables, activation: 'tanh' }), 0.4, foldIn(key, 'dropout'), counter);
  const run = (f: typeof block): number[][] =>
    tf.tidy(() => {
      const { value, gradients } = valueAndGradients(() => tf.mean(tf.square(f(f(x)))) as tf.Scalar, variables);
      return [value, ...Object.values(gradients)].map((tensor) => [...tensor.dataSync()]);
    });
  // It lies on the device from its first use on.
  expect(counter.tensor.dtype).toBe('int32');
  const before = tf.memory().numTensors;
  expect(run(gradientCheckpoint(block))).toEqual(run(block));
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([variables, x]);
  counter.dispose();
});
