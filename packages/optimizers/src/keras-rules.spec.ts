import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, it } from 'vitest';
import { titleOf } from '../fixtures/keras-case.js';
import { checkOptimizer, optimizerCases } from '../fixtures/optimizer-cases.js';

describe.each(['cpu', 'wasm'])("the numbers of Keras' other optimizers on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(optimizerCases.map((one) => [titleOf(one.one), one] as const))('%s', (_, one) => checkOptimizer(one));
});
