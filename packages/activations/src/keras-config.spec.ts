import { fromKerasConfig, toKerasConfig } from '@gradstream/core';
import { registerGradients } from '@gradstream/autodiff';
import { firstDifference } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import golden from '../fixtures/keras-configs.json' with { type: 'json' };
import { activation } from './index.js';

beforeAll(async () => {
  registerGradients();
  await tf.setBackend('cpu');
});

it.each(golden.activations)(
  '$json.class_name of Keras $json.config.name: the same numbers, and the same JSON again',
  (row) => {
    const read = fromKerasConfig(row.json, 'keras.layers');
    const made = activation(read);
    tf.tidy(() => {
      const x = tf.tensor(row.x);
      expect(firstDifference(made(x), row.y, { relative: 1e-5, absolute: 1e-7 })).toBeNull();
      const slopes = tf.grad((input: tf.Tensor) => made(input))(x);
      expect(slopes.shape).toEqual(x.shape);
    });
    expect(made.config).toEqual(read);
    expect(toKerasConfig(made.config!, 'keras.layers')).toEqual(row.json);
  },
);

it("takes the defaults of Keras' layers where a config says nothing", () => {
  const config = { maxValue: null, negativeSlope: 0, threshold: 0 };
  expect(activation({ type: 'ReLU', config: {} }).config).toEqual({ type: 'ReLU', config });
  expect(activation({ type: 'LeakyReLU', config: {} }).config!.config).toEqual({ negativeSlope: 0.3 });
});
