import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkLoss, lossFamilies } from '../../fixtures/loss-case.js';
import { lossFromConfig } from './index.js';

const cases = Object.entries(lossFamilies).flatMap(([family, rows]) =>
  rows.map((one, index) => {
    const shapes = `[${one.yTrue.shape.join()}] [${one.yPred.shape.join()}]`;
    return [`${family} ${index}: ${one.type} ${JSON.stringify(one.options)} ${shapes}`, one] as const;
  }),
);

describe.each(['cpu', 'wasm'])('the losses of Keras on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(cases)('%s', (_, one) => checkLoss(one));

  it.each([...new Set(cases.map(([, { type }]) => type))])('%s of a NaN is NaN', (type) => {
    tf.tidy(() => {
      const one = cases.find(([, { type: other, yPred }]) => other === type && yPred.values.length > 2)![1];
      const loss = lossFromConfig({ type, config: one.options });
      const yTrue = tf.tensor(one.yTrue.values, one.yTrue.shape, loss.targetDtype);
      const values = loss.call(yTrue, tf.tensor([NaN, ...one.yPred.values.slice(1)], one.yPred.shape)).dataSync();
      expect(values[0]).toBeNaN();
    });
  });
});
