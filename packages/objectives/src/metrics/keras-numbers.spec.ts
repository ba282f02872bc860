import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchCases, checkBatches } from '../../fixtures/batch-case.js';
import fixture from '../../fixtures/metrics.json' with { type: 'json' };
import { metric, type Metric } from './index.js';

const cases = batchCases.map((one, index) => {
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
      (_, one) => checkBatches(one, dtype),
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
