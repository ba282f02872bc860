import { expectAllClose } from '@gradstream/testing';
import { useBackend } from 'gradstream';
import { metric } from '@gradstream/objectives';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import accuracy from '../packages/objectives/fixtures/metric-accuracy.json' with { type: 'json' };
import at from '../packages/objectives/fixtures/metric-at.json' with { type: 'json' };
import auc from '../packages/objectives/fixtures/metric-auc.json' with { type: 'json' };
import confusion from '../packages/objectives/fixtures/metric-confusion.json' with { type: 'json' };
import fScore from '../packages/objectives/fixtures/metric-f-score.json' with { type: 'json' };
import iou from '../packages/objectives/fixtures/metric-iou.json' with { type: 'json' };
import probabilistic from '../packages/objectives/fixtures/metric-probabilistic.json' with { type: 'json' };
import regression from '../packages/objectives/fixtures/metric-regression.json' with { type: 'json' };

type Numbers = { readonly shape: readonly number[]; readonly values: readonly number[] };
type Data = { readonly batches: number[]; readonly yTrue: Numbers; readonly yPred: Numbers; readonly weights: object };

const families = Object.entries({ accuracy, at, auc, confusion, fScore, iou, probabilistic, regression });

/** All samples as one batch: where Keras ends after three is where one batch ends. */
const whole = ({ shape, values }: Numbers): tf.Tensor => tf.tensor([...values], [...shape]);

describe('the metrics of Keras on wasm-simd', () => {
  beforeAll(async () => {
    expect((await useBackend('wasm-simd')).name).toBe('wasm-simd');
  }, 120_000);

  it.each(families)('%s: every case at the end of its data', (_, { data, cases }) => {
    const before = tf.memory().numTensors;
    for (const { type, config, data: name, weights, results } of cases) {
      // A batch's own scalar weight, its own axis 0 and its own kind of labels are those of the batches in the fixture.
      if (weights === 'scalar' || ('axis' in config && config.axis === 0) || name === 'mixed') continue;
      const { yTrue, yPred, weights: all } = (data as unknown as Readonly<Record<string, Data>>)[name]!;
      const context = { outputShape: yPred.shape, targetShape: yTrue.shape };
      const one = metric({ type, config: config as never }, context);
      const weight = weights === null ? undefined : (all as Readonly<Record<string, Numbers>>)[weights]!;
      const result = tf.tidy(() =>
        one.result(one.update(one.init(), whole(yTrue), whole(yPred), weight === undefined ? weight : whole(weight))),
      );
      const expected = (results.at(-1) as (number | null)[]).map((value) => value ?? NaN);
      try {
        expectAllClose(result, expected, { relative: 1e-5, absolute: 2e-7 });
      } catch (cause) {
        throw new Error(`${type} ${JSON.stringify(config)} on ${name}, weights ${weights}`, { cause });
      }
      result.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
