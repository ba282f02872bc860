import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import crossentropies from '../../fixtures/loss-crossentropies.json' with { type: 'json' };
import focal from '../../fixtures/loss-focal.json' with { type: 'json' };
import margins from '../../fixtures/loss-margins.json' with { type: 'json' };
import regressions from '../../fixtures/loss-regressions.json' with { type: 'json' };
import structures from '../../fixtures/loss-structures.json' with { type: 'json' };
import { lossFromConfig } from './index.js';

interface NumbersOfShape {
  readonly shape: number[];
  readonly values: number[];
}

interface Case {
  readonly type: string;
  readonly options: Record<string, never>;
  readonly yTrue: NumbersOfShape;
  readonly yPred: NumbersOfShape;
  readonly shape: number[];
  readonly values: number[];
  /** Of the mean of the values; null where Keras' is infinite or NaN. */
  readonly gradient: number[] | null;
}

const families: Record<string, unknown> = {
  crossentropies: crossentropies.cases,
  focal: focal.cases,
  margins: margins.cases,
  regressions: regressions.cases,
  structures: structures.cases,
};
const cases = Object.entries(families).flatMap(([family, rows]) =>
  (rows as Case[]).map((one, index) => {
    const shapes = `[${one.yTrue.shape.join()}] [${one.yPred.shape.join()}]`;
    return [`${family} ${index}: ${one.type} ${JSON.stringify(one.options)} ${shapes}`, one] as const;
  }),
);
const tolerance = { relative: 1e-5, absolute: 1e-7 };

describe.each(['cpu', 'wasm'])('the losses of Keras on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(cases)('%s', (_, one) => {
    const before = tf.memory().numTensors;
    const loss = lossFromConfig({ type: one.type, config: one.options });
    const yTrue = tf.tensor(one.yTrue.values, one.yTrue.shape, loss.targetDtype);
    const yPred = tf.tensor(one.yPred.values, one.yPred.shape);
    const values = loss.call(yTrue, yPred);
    expect(values.shape).toEqual(one.shape);
    expectAllClose(values, one.values, tolerance);

    // The gradient of the mean, without needing a gradient of anything but the loss.
    const slope = tf.fill(values.shape, 1 / values.size);
    const gradient = tf.grad((p: tf.Tensor) => loss.call(yTrue, p))(yPred, slope);
    expect(gradient.shape).toEqual(one.yPred.shape);
    if (one.gradient === null) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    else expectAllClose(gradient, one.gradient, tolerance);

    tf.dispose([yTrue, yPred, values, slope, gradient]);
    expect(tf.memory().numTensors).toBe(before);
  });

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
