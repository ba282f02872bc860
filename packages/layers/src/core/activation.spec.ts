import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { checkLayer } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activation } from './activation.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

describe('activation', () => {
  it.each(['tanh', 'softmax', 'mish', 'glu'])('keeps what it says: %s', (name) => {
    const context = { training: false, key: randomKey(0), step: new StepCounter(0) };
    const x = tf.tensor([0.3, -0.7, 1.2, -0.1, 0.9, 2.1, -1.5, 0.6], [2, 4]);
    checkLayer(activation(name), { inputs: [x], weight: (shape) => tf.zeros([...shape]), context });
  });

  it('takes a function, and refuses a name that is none', () => {
    expect(activation((x) => x).type).toBe('Activation');
    expect(() => activation('sofmax')).toThrow(/GS_ACTIVATION_UNKNOWN .*\n.*Did you mean "softmax"/);
    expect(() => activation('glu').build([[null, 3]], 'activation')).toThrow(/GS_ACTIVATION_SHAPE/);
  });
});
