import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, it } from 'vitest';
import { partCases } from '../fixtures/part-cases.js';

describe('parts put together by hand are the optimizers of Keras', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(partCases)('$parts', ({ run }) => run());
});
