import '@tensorflow/tfjs-backend-cpu';
import { registerGradients } from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCase, layerOfCase, recurrentCases } from '../../fixtures/recurrent-cases.js';
import { layerFromConfig } from '../layer-from-config.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

describe("Keras' numbers", () => {
  it.each(recurrentCases)('$label', (given) =>
    checkCase(given, {
      gradients: given.layer !== 'ConvLSTM3D' || (tf.getGradient('Conv3D') as unknown) !== undefined,
    }),
  );

  it.each(recurrentCases)('the config of $label', (given) => {
    const config = layerOfCase(given).toConfig();
    // What Keras has beside: what belongs to the model here, or is the same for every layer.
    const elsewhere = ['dtype', 'seed', 'name', 'trainable', 'activityRegularizer', 'backwardLayer'];
    const missing = given.configKeys.filter((key) => !(key in config.config) && !elsewhere.includes(key));
    expect(missing).toEqual([]);
    const again = layerFromConfig(JSON.parse(JSON.stringify(config)));
    expect(again.toConfig()).toEqual(config);
  });
});
