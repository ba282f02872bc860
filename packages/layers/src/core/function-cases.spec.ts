import '@tensorflow/tfjs-backend-cpu';
import { registerGradients } from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, it } from 'vitest';
import { layerProofs } from '../../fixtures/function-cases.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

it.each(layerProofs)('$type has the numbers of Keras', (proof) => proof.run(true));
