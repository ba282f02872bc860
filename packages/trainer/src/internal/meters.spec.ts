import { confusionMatrix, f1Score, meanIoU } from '@gradstream/objectives/metrics';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { Meters } from './meters.js';
import { namedMetrics, type MetricSpec } from './named-metrics.js';
import type { OutputGoal } from './output-goal.js';

const config = { type: 'Precision', config: { name: 'precise', thresholds: [0.3, 0.6] } };

const goal = (...metrics: MetricSpec[]): OutputGoal => ({
  name: 'y',
  shape: [null, 2],
  loss: undefined,
  weight: 1,
  metrics,
});

describe('Meters', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('name the numbers of a vector and of a matrix, as they were announced', async () => {
    const matrix = confusionMatrix({ numClasses: 2, sparseYTrue: false, sparseYPred: false, name: 'pairs' });
    const specs = [f1Score({ name: 'f1' }), matrix, config, 'mse'];
    const metrics = namedMetrics('here', specs, [null, 2], [null, 2]);
    const before = tf.memory().numTensors;
    const meters = new Meters('here', [goal(...specs)], [[null, 2]]);
    const [yTrue, yPred] = [tf.tensor2d([1, 0, 0, 1], [2, 2]), tf.tensor2d([0.8, 0.2, 0.5, 0.4], [2, 2])];
    meters.add({ total: tf.scalar(2), parts: [] }, { targets: [yTrue], outputs: [yPred], masks: [] }, 2);
    const logs = await meters.read();
    const names = ['f1_0', 'f1_1', 'pairs_0_0', 'pairs_0_1', 'pairs_1_0', 'pairs_1_1', 'precise_0', 'precise_1', 'mse'];
    expect(metrics.flatMap(({ outputs }) => outputs)).toEqual(names);
    expect(Object.keys(logs)).toEqual(['loss', ...names]);
    expect(logs).toMatchObject({ loss: 2, pairs_0_0: 1, pairs_1_0: 1, pairs_1_1: 0, precise_1: 1 });
    expect(logs.f1_0).toBeCloseTo(2 / 3, 5);
    meters.dispose();
    tf.dispose([yTrue, yPred]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuse a number that would have the name of another', () => {
    expect(() =>
      namedMetrics(
        'here',
        [f1Score({ name: 'f1' }), f1Score({ name: 'f1_0', average: 'micro' })],
        [null, 2],
        [null, 2],
      ),
    ).toThrow(expect.objectContaining({ code: 'GS_METRIC_NAME', message: expect.stringMatching(/"f1_0" twice/) }));
  });

  it('check targets as the metrics do', () => {
    const meters = new Meters('here', [goal(meanIoU({ numClasses: 2, sparseYPred: false }))], [[null]]);
    const labels = { dtype: 'int32' as const, shape: [2], values: Int32Array.of(0, 2) };
    expect(() => meters.check([labels])).toThrow(expect.objectContaining({ code: 'GS_METRIC_LABEL' }));
    meters.dispose();
  });
});
