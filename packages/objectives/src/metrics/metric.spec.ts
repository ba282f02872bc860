import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { disposeGone } from '../../fixtures/metric-case.js';
import { meanSquaredError } from '../losses/index.js';
import {
  binaryAccuracy,
  categoricalAccuracy,
  meanMetric,
  metric,
  sparseCategoricalAccuracy,
  type Metric,
  type MetricFunction,
} from './index.js';

const context = { outputShape: [null, 3], targetShape: [null] };

describe('metric', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each([
    'acc',
    'accuracy',
    'mse',
    'mean_absolute_error',
    'crossentropy',
    'ce',
    'sparseCategoricalAccuracy',
    'binary_accuracy',
  ])('is named as it was asked for: %s', (name) => {
    expect(metric(name, context).name).toBe(name);
  });

  it.each([
    ['crossentropy', [null, 1], [null, 1], 'binaryCrossentropy'],
    ['ce', [null, 3], [null], 'sparseCategoricalCrossentropy'],
    ['crossentropy', [null, 3], [null, 3], 'categoricalCrossentropy'],
  ])('%s of %o and %o is %s', (name, outputShape, targetShape, expected) => {
    tf.tidy(() => {
      const yPred = tf.fill([2, outputShape[1]!], 0.4);
      const yTrue = tf.zeros(targetShape.map((size) => size ?? 2));
      const resultOf = (one: Metric): number => one.result(one.update(one.init(), yTrue, yPred)).dataSync()[0]!;
      expect(resultOf(metric(name, { outputShape, targetShape }))).toBe(
        resultOf(metric(expected, { outputShape, targetShape })),
      );
    });
  });

  it('takes a named function and weights its batches with their sizes', () => {
    tf.tidy(() => {
      const rmse: MetricFunction = (yTrue, yPred) => tf.sqrt(tf.mean(tf.square(tf.sub(yPred, yTrue))));
      const one = metric(rmse, context);
      expect(one.name).toBe('rmse');
      let state = one.update(one.init(), tf.zeros([3, 1]), tf.ones([3, 1]));
      state = one.update(state, tf.zeros([1, 1]), tf.fill([1, 1], 5));
      expect(one.result(state).dataSync()[0]).toBe(2);
    });
  });

  it('gives a metric back as it is', () => {
    const own = categoricalAccuracy();
    expect(metric(own, context)).toBe(own);
  });

  const bad: [string, () => unknown, string, RegExp][] = [
    ['a misspelt name', () => metric('acuracy', context), 'GS_METRIC_UNKNOWN', /Did you mean "accuracy"/],
    ['an inherited name', () => metric('constructor', context), 'GS_METRIC_UNKNOWN', /"constructor"/],
    ['nothing', () => metric(undefined as never, context), 'GS_METRIC_UNKNOWN', /undefined/],
    ['half a metric', () => metric({ name: 'half' } as never, context), 'GS_METRIC_UNKNOWN', /init, update and result/],
    ['a factory', () => metric(binaryAccuracy as never, context), 'GS_METRIC_UNKNOWN', /Call it: binaryAccuracy\(\)/],
    [
      'a factory of losses',
      () => metric(meanSquaredError as never, context),
      'GS_METRIC_UNKNOWN',
      /"meanSquaredError"/,
    ],
    ['a function without a name', () => metric((_, yPred) => yPred, context), 'GS_METRIC_NAME', /meanMetric\("name"/],
    [
      'a threshold that is no number',
      () => binaryAccuracy({ threshold: '0.5' as never }),
      'GS_OPTION_VALUE',
      /threshold/,
    ],
    ['a misspelt option', () => binaryAccuracy({ treshold: 0.5 } as never), 'GS_OPTION_UNKNOWN', /threshold/],
    [
      'an option that is not there',
      () => sparseCategoricalAccuracy({ threshold: 0.5 } as never),
      'GS_OPTION_UNKNOWN',
      /threshold/,
    ],
    [
      'a function that gives a number',
      () => {
        const one = meanMetric('one', (() => 1) as never);
        return one.update(one.init(), tf.ones([1]), tf.ones([1]));
      },
      'GS_METRIC_RESULT',
      /received 1/,
    ],
    ...(
      [
        [sparseCategoricalAccuracy(), [2, 3], [2, 3]],
        [categoricalAccuracy(), [2], [2, 3]],
        [binaryAccuracy(), [2, 1], [2, 3]],
      ] as const
    ).map(([one, targets, output]): [string, () => unknown, string, RegExp] => [
      `[${targets.join()}] against [${output.join()}] in ${one.name}`,
      () => one.update(one.init(), tf.ones([...targets]), tf.ones([...output])),
      'GS_METRIC_SHAPE',
      new RegExp(one.name),
    ]),
  ];
  it.each(bad)('refuses %s', (_, act, code, message) => {
    tf.tidy(() => {
      expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
    });
  });
});

describe.each(['cpu', 'wasm'])('accuracy on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  const right = (one: Metric, yTrue: tf.Tensor, ...rows: number[][]): number[] =>
    rows.map((row, index) =>
      tf.tidy(() => one.result(one.update(one.init(), tf.slice(yTrue, index, 1), tf.tensor2d([row]))).dataSync()[0]!),
    );

  it('counts the first of equal scores, and NaN as it says', () => {
    tf.tidy(() => {
      const rows = [
        [1, 2, 2],
        [0, 0, 0],
        [1, NaN, 3],
        [NaN, 2, 3],
        [NaN, NaN, NaN],
      ];
      const classes = [1, 0, 2, 0, 0];
      const labels = tf.tensor1d(classes, 'int32');
      expect(right(sparseCategoricalAccuracy(), labels, ...rows)).toEqual([1, 1, 1, 1, 1]);
      expect(right(categoricalAccuracy(), tf.oneHot(labels, 3), ...rows)).toEqual([1, 1, 1, 1, 1]);
    });
  });

  it('takes a prediction on the threshold for a no, and NaN too', () => {
    tf.tidy(() => {
      expect(right(binaryAccuracy(), tf.zeros([3, 1]), [0.5], [NaN], [0.51])).toEqual([1, 1, 0]);
    });
  });

  it('does not take a label between two classes for one of them', () => {
    tf.tidy(() => {
      expect(right(sparseCategoricalAccuracy(), tf.tensor1d([1.5]), [0, 1, 0])).toEqual([0]);
    });
  });
});

describe.each(['cpu', 'wasm'])('meanMetric on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it('stays exact over 30 million samples, where float32 numbers no longer count one by one', () => {
    const one = meanMetric('share', (_, yPred) => tf.reshape(yPred, [-1]));
    const size = 30_002;
    // 31 wrong predictions a batch: an odd number of right ones, so that a plain float32 sum has to round above 2^24.
    const right = Float32Array.from({ length: size }, (_, index) => (index % 1000 === 0 ? 0 : 1));
    const yPred = tf.tensor2d(right, [size, 1]);
    let state = one.init();
    for (let batch = 0; batch < 1000; batch++) {
      const old = state;
      state = tf.tidy(() => one.update(old, yPred, yPred));
      disposeGone(old, state);
    }
    expect(state[2]!.dataSync()[0]).toBe(30_002_000);
    expect(one.result(state).dataSync()[0]).toBe(Math.fround((size - 31) / size));
  });

  it('has a relative error below 1e-6 over 10 million samples of awkward values', () => {
    const one = meanMetric('loss', (_, yPred) => tf.reshape(yPred, [-1]));
    const size = 5000;
    const batches = [0, 1, 2].map((kind) =>
      Float32Array.from({ length: size }, (_, index) => [0.1, 2.3e-4, 17.7][kind]! * (1 + index / 977)),
    );
    const tensors = batches.map((values) => tf.tensor2d(values, [size, 1]));
    let [state, exact] = [one.init(), 0];
    const sums = batches.map((values) => values.reduce((sum, value) => sum + value, 0));
    for (let batch = 0; batch < 2000; batch++) {
      const old = state;
      state = tf.tidy(() => one.update(old, tensors[batch % 3]!, tensors[batch % 3]!));
      disposeGone(old, state);
      exact += sums[batch % 3]!;
    }
    expect(Math.abs(one.result(state).dataSync()[0]! / (exact / 1e7) - 1)).toBeLessThan(1e-6);
  });

  it('is NaN without samples, and after a NaN', () => {
    tf.tidy(() => {
      const one = meanMetric('loss', (_, yPred) => yPred);
      expect(one.result(one.init()).dataSync()[0]).toBeNaN();
      const state = one.update(one.update(one.init(), tf.ones([1]), tf.tensor1d([NaN])), tf.ones([1]), tf.ones([1]));
      expect(one.result(state).dataSync()[0]).toBeNaN();
    });
  });
});
