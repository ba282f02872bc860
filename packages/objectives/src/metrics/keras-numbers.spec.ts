import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from '../../fixtures/metrics.json' with { type: 'json' };
import { binaryAccuracy, metric, type Metric, type MetricFunction } from './index.js';

interface NumbersOfShape {
  readonly shape: number[];
  readonly values: number[];
}

interface Case {
  readonly metric: string;
  readonly options: { readonly threshold?: number };
  readonly batches: readonly { readonly yTrue: NumbersOfShape; readonly yPred: NumbersOfShape }[];
  readonly results: number[];
}

const rootMeanSquared: MetricFunction = (yTrue, yPred) => tf.sqrt(tf.mean(tf.square(tf.sub(yPred, yTrue)), -1));

function metricOf({ metric: name, options, batches }: Case): Metric {
  if (name === 'rootMeanSquared') return metric(rootMeanSquared, { outputShape: [], targetShape: [] });
  if (options.threshold !== undefined) return binaryAccuracy(options);
  return metric(name, { outputShape: batches[0]!.yPred.shape, targetShape: batches[0]!.yTrue.shape });
}

const cases = (fixture.cases as unknown as readonly Case[]).map((one, index) => {
  const [first] = one.batches;
  return [
    `${index} ${one.metric} ${JSON.stringify(one.options)} [${first!.yTrue.shape.join()}] [${first!.yPred.shape.join()}]`,
    one,
  ] as const;
});

describe.each(['cpu', 'wasm'])('the metrics of Keras on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  for (const dtype of ['float32', 'int32'] as const) {
    it.each(cases.filter(([, one]) => dtype === 'float32' || /Accuracy|sparse/.test(one.metric)))(
      `%s with ${dtype} targets`,
      (_, one) => {
        const before = tf.memory().numTensors;
        const running = metricOf(one);
        let state = running.init();
        one.batches.forEach(({ yTrue, yPred }, index) => {
          const old = state;
          state = tf.tidy(() =>
            running.update(old, tf.tensor(yTrue.values, yTrue.shape, dtype), tf.tensor(yPred.values, yPred.shape)),
          );
          tf.dispose(old);
          const result = running.result(state);
          expect(result).toMatchObject({ shape: [], dtype: 'float32' });
          expectAllClose(result, one.results[index]!, { relative: 1e-5, absolute: 0 });
          tf.dispose(result);
        });
        tf.dispose(state);
        expect(tf.memory().numTensors).toBe(before);
      },
    );
  }

  it.each(fixture.accuracy)('accuracy means %o', ({ targetShape, outputShape, metric: expected }) => {
    // Two metrics that differ somewhere agree with the chosen one only where they are it.
    const context = { targetShape, outputShape };
    const chosen = metric('accuracy', context);
    const named = metric(expected, context);
    expect([chosen.name, named.name]).toEqual(['accuracy', expected]);
    tf.tidy(() => {
      const sizes = outputShape.map((size) => size);
      const yPred = tf.randomUniform(sizes, 0, 1, 'float32', 5);
      const yTrue = tf.randomUniform(targetShape, 0, 2, 'int32', 6);
      const resultOf = (one: Metric): number => one.result(one.update(one.init(), yTrue, yPred)).dataSync()[0]!;
      expect(resultOf(chosen)).toBe(resultOf(named));
    });
  });
});
