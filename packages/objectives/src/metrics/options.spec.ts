import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  auc,
  binaryCrossentropy,
  binaryIoU,
  categoricalCrossentropy,
  confusionMatrix,
  cosineSimilarity,
  f1Score,
  fBetaScore,
  ioU,
  meanIoU,
  meanMetric,
  meanSquaredError,
  metric,
  oneHotIoU,
  precision,
  precisionAtRecall,
  r2Score,
  recall,
  sparseCategoricalCrossentropy,
  sparseTopKCategoricalAccuracy,
  sum,
  topKCategoricalAccuracy,
  trueNegatives,
  type Metric,
} from './index.js';

const context = { outputShape: [null, 3], targetShape: [null, 3] };
const fed = (one: Metric, yTrue: number[], yPred: number[], weight?: number[]): (() => unknown) => {
  const tensor = (shape: number[]): tf.Tensor => tf.zeros(shape);
  return () => one.update(one.init(), tensor(yTrue), tensor(yPred), weight === undefined ? undefined : tf.ones(weight));
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('options of metrics', () => {
  const bad: [string, () => unknown, string, RegExp][] = [
    ['a threshold above 1', () => precision({ thresholds: 1.5 }), 'GS_OPTION_VALUE', /thresholds.*at most 1.*1\.5/],
    ['a threshold below 0 in a list', () => recall({ thresholds: [0.5, -0.1] }), 'GS_OPTION_VALUE', /thresholds\[1\]/],
    ['a threshold that is NaN', () => trueNegatives({ thresholds: [NaN] }), 'GS_OPTION_VALUE', /NaN/],
    ['no thresholds', () => precision({ thresholds: [] }), 'GS_OPTION_VALUE', /at least one number/],
    ['a text as thresholds', () => precision({ thresholds: '0.5' as never }), 'GS_OPTION_VALUE', /"0\.5"/],
    ['a class below 0', () => recall({ classId: -1 }), 'GS_OPTION_VALUE', /classId/],
    ['no top class', () => precision({ topK: 0 }), 'GS_OPTION_VALUE', /topK/],
    ['half a top class', () => topKCategoricalAccuracy({ k: 1.5 }), 'GS_OPTION_VALUE', /integer/],
    ['a misspelt option', () => auc({ treshold: [0.5] } as never), 'GS_OPTION_UNKNOWN', /Did you mean "thresholds"/],
    ['a name that is none', () => auc({ name: 3 as never }), 'GS_OPTION_VALUE', /name/],
    ['an empty name', () => sum({ name: '' }), 'GS_OPTION_VALUE', /not empty/],
    ['options that are none', () => auc(null as never), 'GS_OPTION_TYPE', /null/],
    ['an unknown curve', () => auc({ curve: 'roc' as never }), 'GS_OPTION_VALUE', /Did you mean "ROC"/],
    ['one threshold for a curve', () => auc({ numThresholds: 1 }), 'GS_OPTION_VALUE', /at least 2/],
    ['a threshold outside of [0, 1] for a curve', () => auc({ thresholds: [2] }), 'GS_OPTION_VALUE', /thresholds\[0\]/],
    ['labels without multiLabel', () => auc({ numLabels: 3 }), 'GS_OPTION_VALUE', /numLabels/],
    ['a negative weight of labels', () => auc({ labelWeights: [1, -1] }), 'GS_OPTION_VALUE', /labelWeights\[1\]/],
    ['no classes', () => meanIoU(undefined as never), 'GS_OPTION_TYPE', /undefined|null/],
    ['no number of classes', () => meanIoU({} as never), 'GS_OPTION_VALUE', /numClasses/],
    ['a class outside', () => ioU({ numClasses: 3, targetClassIds: [3] }), 'GS_OPTION_VALUE', /targetClassIds\[0\]/],
    ['no class', () => oneHotIoU({ numClasses: 3, targetClassIds: [] }), 'GS_OPTION_VALUE', /at least one/],
    ['a class that is neither no nor yes', () => binaryIoU({ targetClassIds: [2] }), 'GS_OPTION_VALUE', /at most 1/],
    ['no limit', () => precisionAtRecall({} as never), 'GS_OPTION_VALUE', /"recall"/],
    ['a limit above 1', () => precisionAtRecall({ recall: 1.1 }), 'GS_OPTION_VALUE', /at most 1/],
    ['a beta of 0', () => fBetaScore({ beta: 0 }), 'GS_OPTION_VALUE', /above 0/],
    ['a beta for F1', () => f1Score({ beta: 2 } as never), 'GS_OPTION_UNKNOWN', /beta/],
    ['a threshold of 0 for F1', () => f1Score({ threshold: 0 }), 'GS_OPTION_VALUE', /above 0/],
    ['an unknown average', () => f1Score({ average: 'mikro' as never }), 'GS_OPTION_VALUE', /Did you mean "micro"/],
    ['an unknown aggregation', () => r2Score({ classAggregation: 'sum' as never }), 'GS_OPTION_VALUE', /uniform/],
    ['an axis that is none', () => cosineSimilarity({ axis: 0.5 }), 'GS_OPTION_VALUE', /axis/],
    ['too much smoothing', () => binaryCrossentropy({ labelSmoothing: 2 }), 'GS_OPTION_VALUE', /labelSmoothing/],
    [
      'a config of no class',
      () => metric({ type: 'Precison', config: {} }, context),
      'GS_METRIC_UNKNOWN',
      /Did you mean "Precision"/,
    ],
    [
      'an inherited config',
      () => metric({ type: 'constructor', config: {} }, context),
      'GS_METRIC_UNKNOWN',
      /constructor/,
    ],
    [
      'a config with an option that is not there',
      () => metric({ type: 'AUC', config: { treshold: 1 } }, context),
      'GS_OPTION_UNKNOWN',
      /treshold/,
    ],
    [
      'a config of another type',
      () => metric({ type: 'AUC', config: { dtype: 'float64' } }, context),
      'GS_OPTION_VALUE',
      /float64/,
    ],
    [
      'no number of classes for a matrix of indices',
      () => confusionMatrix(tf.zeros([2]), tf.zeros([2])),
      'GS_OPTION_VALUE',
      /numClasses/,
    ],
    [
      'a matrix without predictions',
      () => confusionMatrix(tf.zeros([2]), undefined as never),
      'GS_METRIC_SHAPE',
      /predictions second/,
    ],
  ];
  it.each(bad)('refuse %s', (_, act, code, message) => {
    tf.tidy(() => {
      expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
    });
  });
});

describe('updates of metrics', () => {
  const classes = { numClasses: 3 };
  const bad: [string, () => unknown, string][] = [
    ['targets of another shape', fed(meanSquaredError(), [4, 1], [4, 3]), 'GS_METRIC_SHAPE'],
    ['targets of another shape in AUC', fed(auc(), [4, 1], [4, 3]), 'GS_METRIC_SHAPE'],
    ['rows of three axes in F1', fed(f1Score(), [4, 2, 3], [4, 2, 3]), 'GS_METRIC_SHAPE'],
    ['labels in F1', fed(f1Score(), [4], [4, 3]), 'GS_METRIC_SHAPE'],
    ['three axes in R2', fed(r2Score(), [4, 2, 3], [4, 2, 3]), 'GS_METRIC_SHAPE'],
    ['three axes in AUC by label', fed(auc({ multiLabel: true }), [4, 2, 3], [4, 2, 3]), 'GS_METRIC_SHAPE'],
    ['other labels than said', fed(auc({ multiLabel: true, numLabels: 2 }), [4, 3], [4, 3]), 'GS_METRIC_SHAPE'],
    ['other labels than weights', fed(auc({ labelWeights: [1, 2] }), [4, 3], [4, 3]), 'GS_METRIC_SHAPE'],
    ['a class outside', fed(recall({ classId: 3 }), [4, 3], [4, 3]), 'GS_METRIC_SHAPE'],
    ['too few classes', fed(recall({ topK: 4 }), [4, 3], [4, 3]), 'GS_METRIC_SHAPE'],
    ['an axis outside', fed(cosineSimilarity({ axis: 2 }), [4, 3], [4, 3]), 'GS_METRIC_AXIS'],
    ['a class axis outside', fed(categoricalCrossentropy({ axis: -3 }), [4, 3], [4, 3]), 'GS_METRIC_AXIS'],
    ['one-hot rows as labels', fed(sparseCategoricalCrossentropy(), [4, 3], [4, 3]), 'GS_METRIC_SHAPE'],
    ['one-hot rows as labels of the top', fed(sparseTopKCategoricalAccuracy(), [4, 3], [4, 3]), 'GS_METRIC_SHAPE'],
    ['scores as classes', fed(meanIoU(classes), [4], [4, 3]), 'GS_METRIC_SHAPE'],
    ['scores as classes of a matrix', fed(confusionMatrix(classes), [4], [4, 3]), 'GS_METRIC_SHAPE'],
    ['weights of another length', fed(meanSquaredError(), [4, 3], [4, 3], [3]), 'GS_METRIC_WEIGHT'],
    ['weights deeper than values', fed(meanSquaredError(), [4, 3], [4, 3], [4, 3]), 'GS_METRIC_WEIGHT'],
    ['weights that fit at the end alone', fed(precision(), [4, 3], [4, 3], [3]), 'GS_METRIC_WEIGHT'],
    ['weights of another shape in IoU', fed(meanIoU(classes), [4], [4], [4, 2]), 'GS_METRIC_WEIGHT'],
    ['weights of another shape in F1', fed(f1Score(), [4, 3], [4, 3], [2]), 'GS_METRIC_WEIGHT'],
    ['weights of another shape in R2', fed(r2Score(), [4, 3], [4, 3], [4, 2]), 'GS_METRIC_WEIGHT'],
    ['weights of another shape in a sum', fed(sum(), [4], [4], [5]), 'GS_METRIC_WEIGHT'],
  ];
  it.each(bad)('refuse %s', (_, act, code) => {
    tf.tidy(() => {
      expect(act).toThrow(expect.objectContaining({ code }));
    });
  });

  const targets = (...values: number[]) => ({
    dtype: 'int32' as const,
    shape: [values.length],
    values: Int32Array.from(values),
  });
  it.each([
    ['IoU', meanIoU({ numClasses: 3 })],
    ['a confusion matrix', confusionMatrix({ numClasses: 3 })],
    ['crossentropy', sparseCategoricalCrossentropy()],
  ])('of %s are checked on the host', (_, one) => {
    expect(() => one.check!(targets(0, 1, 2), [null, 3])).not.toThrow();
    for (const label of [3, -1]) {
      expect(() => one.check!(targets(0, label), [null, 3])).toThrow(
        expect.objectContaining({
          code: 'GS_METRIC_LABEL',
          message: expect.stringMatching(`0 to 2; received ${label} at position \\[1\\]`),
        }),
      );
    }
  });

  it('let the class to ignore pass', () => {
    for (const one of [
      meanIoU({ numClasses: 3, ignoreClass: 255 }),
      sparseCategoricalCrossentropy({ ignoreClass: 255 }),
    ])
      expect(() => one.check!(targets(0, 255), [null, 3])).not.toThrow();
  });
});

describe('metrics', () => {
  it('take a NaN for no prediction at any threshold', () => {
    tf.tidy(() => {
      const [yTrue, yPred] = [tf.tensor1d([1, 0, 1, 0]), tf.tensor1d([NaN, NaN, 0.8, 0.1])];
      const right = tf.tensor1d([0, 0, 0.8, 0.1]);
      const options = [{ thresholds: [0, 0.5, 1] }, { thresholds: 0.5 }, { thresholds: [0.2, 0.4] }];
      for (const one of [...options.map(recall), ...options.map(precision)]) {
        const of = (p: tf.Tensor): number[] => Array.from(one.result(one.update(one.init(), yTrue, p)).dataSync());
        expect(of(yPred)).toEqual(of(right));
      }
      const area = auc();
      const result = area.result(area.update(area.init(), yTrue, yPred)).dataSync()[0];
      expect(result).toBeGreaterThanOrEqual(0);
      expect(result).toBeLessThanOrEqual(1);
    });
  });

  it('count on where a float32 sum of ones stops', () => {
    const one = trueNegatives();
    const zeros = tf.zeros([3, 1]);
    let state = one.init();
    state[0]!.dispose();
    // 2^24 negatives so far, none of them above 0.5.
    state[0] = tf.tensor3d([0, 2 ** 24, 0, 0], [2, 1, 2]);
    for (let batch = 0; batch < 101; batch++) {
      const old = state;
      state = tf.tidy(() => one.update(old, zeros, zeros));
      tf.dispose(old);
    }
    expect(one.result(state).dataSync()[0]).toBe(Math.fround(2 ** 24 + 303));
    tf.dispose([...state, zeros]);
  });

  it('can be written by oneself, with a state', () => {
    const largest: Metric = {
      name: 'largest',
      direction: 'down',
      init: () => [tf.zeros([])],
      update: ([seen], yTrue, yPred) => [tf.maximum(seen!, tf.max(tf.abs(tf.sub(yPred, yTrue))))],
      result: ([seen]) => tf.clone(seen!),
    };
    tf.tidy(() => {
      const own = metric(largest, context);
      const state = own.update(own.init(), tf.tensor1d([1, 2]), tf.tensor1d([1.5, -1]));
      expect(own.result(own.update(state, tf.zeros([1]), tf.ones([1]))).dataSync()[0]).toBe(3);
    });
  });

  it('weight a scalar by the weights of its samples', () => {
    tf.tidy(() => {
      const one = meanMetric('first', (_, yPred) => tf.reshape(tf.slice(yPred, [0, 0], [1, 1]), []));
      let state = one.update(one.init(), tf.zeros([2, 1]), tf.tensor2d([[1], [9]]), tf.tensor1d([1, 0.5]));
      state = one.update(state, tf.zeros([1, 1]), tf.tensor2d([[5]]));
      expect(one.result(state).dataSync()[0]).toBeCloseTo((1 * 1.5 + 5) / 2.5, 6);
    });
  });

  it('give the confusion matrix of two tensors', () => {
    tf.tidy(() => {
      const [yTrue, yPred] = [tf.tensor1d([0, 1, 2, 2, 7], 'int32'), tf.tensor1d([0, 2, 2, 0, 1], 'int32')];
      const expected = [1, 0, 0, 0, 0, 1, 1, 0, 1];
      const before = tf.memory().numTensors;
      const matrix = confusionMatrix(yTrue, yPred, { numClasses: 3 });
      expect(tf.memory().numTensors).toBe(before + 1);
      expect(matrix.shape).toEqual([3, 3]);
      expect(Array.from(matrix.dataSync())).toEqual(expected);
      const scores = tf.cast(tf.oneHot(yPred, 3), 'float32');
      expect(Array.from(confusionMatrix(yTrue, scores, { sparseYPred: false }).dataSync())).toEqual(expected);
      const weighted = confusionMatrix(yTrue, yPred, { numClasses: 3, sampleWeight: tf.tensor1d([1, 0.5, 2, 0, 9]) });
      expect(Array.from(weighted.dataSync())).toEqual([1, 0, 0, 0, 0, 0.5, 0, 0, 2]);
    });
  });

  it('have the shape that they say for every width', () => {
    for (const [one, shape] of [
      [f1Score(), [5]],
      [f1Score({ average: 'macro' }), []],
      [r2Score({ classAggregation: null }), [5]],
      [precision({ thresholds: [0.2, 0.4, 0.9] }), [3]],
      [precision({ thresholds: [0.2] }), []],
      [confusionMatrix({ numClasses: 4 }), [4, 4]],
    ] as const) {
      expect(one.resultShape?.([null, 5]) ?? []).toEqual(shape);
    }
  });
});
