import '@tensorflow/tfjs-backend-cpu';
import { registerGradients } from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { checkRandomLayer, randomLayers } from '../fixtures/random-layers.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

it.each(randomLayers)('$layer.type draws around $mean with a deviation of $deviation', (one) => {
  const before = tf.memory().numTensors;
  checkRandomLayer(one, true);
  expect(tf.memory().numTensors).toBe(before);
});

it('refuses other moments', () => {
  const [one] = randomLayers;
  expect(() => checkRandomLayer({ ...one!, mean: 1.05 }, false)).toThrow('mean');
  expect(() => checkRandomLayer({ ...one!, deviation: 0.7 }, false)).toThrow('deviation');
});
