import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from '../../fixtures/losses.json' with { type: 'json' };
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropy,
} from './index.js';

const losses = {
  binaryCrossentropy,
  categoricalCrossentropy,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropy,
};
type LossName = keyof typeof losses;

interface NumbersOfShape {
  readonly shape: number[];
  readonly values: number[];
}

interface Case {
  readonly loss: LossName;
  readonly options: Record<string, never>;
  readonly yTrue: NumbersOfShape;
  readonly yPred: NumbersOfShape;
  readonly values: number[];
  readonly gradient: number[];
}

const cases = (fixture.cases as unknown as readonly Case[]).map((one, index) => {
  const title = `${index} ${one.loss} ${JSON.stringify(one.options)} [${one.yTrue.shape.join()}] [${one.yPred.shape.join()}]`;
  return [title, one] as const;
});

describe.each(['cpu', 'wasm'])('the losses of Keras on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(cases)('%s', (_, one) => {
    const before = tf.memory().numTensors;
    const loss = losses[one.loss](one.options);
    const yTrue = tf.tensor(one.yTrue.values, one.yTrue.shape, loss.targetDtype);
    const yPred = tf.tensor(one.yPred.values, one.yPred.shape);
    const values = loss.call(yTrue, yPred);
    expect(values.shape).toEqual(one.yPred.shape.slice(0, -1));
    expectAllClose(values, one.values, { relative: 1e-5, absolute: 1e-7 });

    // The gradient of the mean, without needing a gradient of anything but the loss.
    const slope = tf.fill(values.shape, 1 / values.size);
    const gradient = tf.grad((p: tf.Tensor) => loss.call(yTrue, p))(yPred, slope);
    expect(gradient.shape).toEqual(one.yPred.shape);
    expectAllClose(gradient, one.gradient, { relative: 1e-5, absolute: 1e-7 });

    tf.dispose([yTrue, yPred, values, slope, gradient]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(Object.keys(losses) as LossName[])('%s of a NaN is NaN', (name) => {
    tf.tidy(() => {
      const loss = losses[name]();
      const yTrue = name.startsWith('sparse') ? tf.tensor1d([0, 1], 'int32') : tf.eye(2);
      const values = loss.call(yTrue, tf.tensor2d([NaN, 0.5, 0.5, 0.5], [2, 2])).dataSync();
      expect(Array.from(values, Number.isNaN)).toEqual([true, false]);
    });
  });
});
