import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { checkLayer, expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { flatten } from './flatten.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context = { training: false, key: randomKey(0), step: new StepCounter(0) };

describe('flatten', () => {
  it.each([[[2]], [[2, 3]], [[2, 3, 4]], [[1, 2, 3, 2]]])('keeps what it says on %j', (shape) => {
    const x = tf.reshape(
      tf.range(
        0,
        shape.reduce((a, b) => a * b),
      ),
      shape,
    );
    checkLayer(flatten(), { inputs: [x], weight: (of) => tf.zeros([...of]), context });
    expectAllClose(flatten().call({}, [x], context), x.dataSync());
  });
});
