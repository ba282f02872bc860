import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { checkLayer, expectAllClose, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dropout } from './dropout.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context = { training: true, key: randomKey(3), step: new StepCounter(5) };
const none = (shape: readonly number[]): tf.Tensor => tf.zeros([...shape]);

describe('dropout', () => {
  it.each([0, 0.3, 1])('keeps what it says at a rate of %d', (rate) => {
    checkLayer(dropout(rate), { inputs: [tf.tensor([0.5, -1, 2, 3, 4, -5], [2, 3])], weight: none, context });
  });

  it('keeps the mean while training and passes everything on otherwise', () => {
    const x = tf.ones([100, 100]);
    const mean = tf.mean(outputOf(dropout(0.4).call({}, [x], context))).dataSync()[0]!;
    // 10,000 draws: the mean of kept and scaled values deviates by 0.008.
    expect(Math.abs(mean - 1)).toBeLessThan(0.04);
    expectAllClose(outputOf(dropout(0.4).call({}, [x], { ...context, training: false })), x);
  });
});
