import { registerGradients } from '@gradstream/autodiff';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import first from '../../fixtures/loss-reductions-a-h.json' with { type: 'json' };
import second from '../../fixtures/loss-reductions-h-z.json' with { type: 'json' };
import special from '../../fixtures/loss-reductions-special.json' with { type: 'json' };
import { errorOf } from '../../fixtures/loss-host-arrays.js';
import { computeLoss, loss, lossFromConfig, meanSquaredError, reduceLoss } from './index.js';

interface NumbersOfShape {
  readonly shape: number[];
  readonly values: number[];
}

interface Row {
  readonly reduction: string;
  /** Which of the weights, or -1 for none. */
  readonly weight: number;
  readonly mask: boolean;
  readonly shape: number[];
  readonly value: number[];
  readonly gradient?: number[];
}

interface Case {
  readonly type: string;
  readonly options: Record<string, never>;
  readonly yTrue: NumbersOfShape;
  readonly yPred: NumbersOfShape;
  readonly weights: NumbersOfShape[];
  readonly mask: NumbersOfShape | null;
  readonly rows: Row[];
}

const all = [...first.cases, ...second.cases, ...special.cases] as unknown as Case[];
const cases = all.map((one, index) => [`${index}: ${one.type} [${one.yPred.shape.join()}]`, one] as const);
const tolerance = { relative: 1e-5, absolute: 1e-7 };

beforeAll(() => registerGradients());

describe.each(['cpu', 'wasm'])('the reductions of Keras on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(cases)('%s', (_, one) => {
    const before = tf.memory().numTensors;
    for (const row of one.rows) {
      tf.tidy(() => {
        const title = `${row.reduction}, weight ${row.weight}, mask ${row.mask}`;
        const own = lossFromConfig({ type: one.type, config: { ...one.options, reduction: row.reduction } });
        const yTrue = tf.tensor(one.yTrue.values, one.yTrue.shape, own.targetDtype);
        const yPred = tf.tensor(one.yPred.values, one.yPred.shape);
        const weight = one.weights[row.weight];
        const weights = {
          ...(weight === undefined ? {} : { sampleWeight: tf.tensor(weight.values, weight.shape) }),
          ...(row.mask ? { mask: tf.tensor(one.mask!.values, one.mask!.shape, 'bool') } : {}),
        };
        const value = computeLoss(own, yTrue, yPred, weights);
        expect(value.shape, title).toEqual(row.shape);
        expectAllClose(value, row.value, tolerance);
        if (row.gradient === undefined) return;
        const gradient = tf.grad((p: tf.Tensor) => computeLoss(own, yTrue, p, weights))(yPred);
        expectAllClose(gradient, row.gradient, tolerance);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('reduceLoss', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  /** The result as plain numbers. */
  const numbersOf = (compute: () => tf.Tensor): number[] => Array.from(tf.tidy(compute).dataSync());

  it('lines weights up with the first axes, where Keras fails or takes the last', () => {
    const values = [1, 2, 3, 4];
    const weigh = (...shape: number[]): number[] =>
      numbersOf(() =>
        reduceLoss(tf.tensor2d(values, [2, 2]), { reduction: 'none', sampleWeight: tf.tensor([1, 10], shape) }),
      );
    expect(weigh(2)).toEqual([1, 2, 30, 40]);
    expect(weigh(2, 1)).toEqual([1, 2, 30, 40]);
    expect(weigh(1, 2)).toEqual([1, 20, 3, 40]);
  });

  it('takes a mask of one axis less than the weights', () => {
    const sum = numbersOf(() =>
      reduceLoss(tf.ones([2, 2]), {
        reduction: 'meanWithSampleWeight',
        sampleWeight: tf.tensor2d([1, 2, 3, 4], [2, 2]),
        mask: tf.tensor1d([0, 1], 'int32'),
      }),
    );
    expect(sum).toEqual([1]);
  });

  it('takes a number for all, null for none, and the names of Keras', () => {
    const values = (): tf.Tensor => tf.tensor1d([1, 2, 6]);
    expect(numbersOf(() => reduceLoss(values()))).toEqual([3]);
    expect(numbersOf(() => reduceLoss(values(), { reduction: 'mean', sampleWeight: 2 }))).toEqual([6]);
    expect(numbersOf(() => reduceLoss(values(), { reduction: null }))).toEqual([1, 2, 6]);
    expect(numbersOf(() => reduceLoss(values(), { reduction: 'sum_over_batch_size' as never }))).toEqual([3]);
    expect(numbersOf(() => reduceLoss(tf.scalar(4, 'int32'), { sampleWeight: 2 }))).toEqual([8]);
  });

  it('gives 0 of nothing', () => {
    expect(numbersOf(() => reduceLoss(tf.zeros([0, 3])))).toEqual([0]);
    expect(numbersOf(() => reduceLoss(tf.ones([2]), { mask: tf.zeros([2], 'bool') }))).toEqual([0]);
    expect(numbersOf(() => reduceLoss(tf.ones([2]), { reduction: 'meanWithSampleWeight', sampleWeight: 0 }))).toEqual([
      0,
    ]);
  });

  it('gives tensors of its own and leaves none behind', () => {
    const values = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    for (const reduction of ['none', 'sum', 'mean', 'meanWithSampleWeight'] as const) {
      const result = reduceLoss(values, { reduction });
      expect(result).not.toBe(values);
      result.dispose();
      reduceLoss(values, { reduction, sampleWeight: 2, mask: values }).dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
    values.dispose();
  });

  const refused: [string, string, () => unknown][] = [
    ['weights of another length', 'GS_LOSS_WEIGHT', () => reduceLoss(tf.ones([3]), { sampleWeight: tf.ones([2]) })],
    [
      'more weights than values',
      'GS_LOSS_WEIGHT',
      () => reduceLoss(tf.ones([3, 1]), { sampleWeight: tf.ones([3, 3]) }),
    ],
    ['weights of the last axis', 'GS_LOSS_WEIGHT', () => reduceLoss(tf.ones([2, 3]), { sampleWeight: tf.ones([3]) })],
    ['a mask of another length', 'GS_LOSS_WEIGHT', () => reduceLoss(tf.ones([3]), { mask: tf.ones([4], 'bool') })],
    [
      'a mask that fits no weights',
      'GS_LOSS_WEIGHT',
      () => reduceLoss(tf.ones([3]), { mask: tf.ones([3], 'bool'), sampleWeight: tf.ones([2]) }),
    ],
    ['weights that are an array', 'GS_LOSS_WEIGHT', () => reduceLoss(tf.ones([2]), { sampleWeight: [1, 2] as never })],
    ['a mask that is an array', 'GS_LOSS_WEIGHT', () => reduceLoss(tf.ones([2]), { mask: [1, 0] as never })],
    ['values that are an array', 'GS_LOSS_WEIGHT', () => reduceLoss([1, 2] as never)],
    ['a weight that is NaN', 'GS_OPTION_VALUE', () => reduceLoss(tf.ones([2]), { sampleWeight: NaN })],
    ['a reduction that is none', 'GS_OPTION_VALUE', () => reduceLoss(tf.ones([2]), { reduction: 'average' as never })],
    ['an option that is none', 'GS_OPTION_UNKNOWN', () => reduceLoss(tf.ones([2]), { weights: 1 } as never)],
    [
      'a mask for computeLoss that is none',
      'GS_LOSS_WEIGHT',
      () => computeLoss(meanSquaredError(), tf.ones([2]), tf.ones([2, 1]), { mask: true as never }),
    ],
    [
      'an option that computeLoss has not',
      'GS_OPTION_UNKNOWN',
      () => computeLoss(meanSquaredError(), tf.ones([2]), tf.ones([2, 1]), { reduction: 'sum' } as never),
    ],
  ];
  it.each(refused)('refuses %s', (_, code, act) => {
    expect(errorOf(act).code).toBe(code);
  });
});

describe('computeLoss', () => {
  it('takes the mean of the values of a function', () => {
    tf.tidy(() => {
      const own = loss((yTrue: tf.Tensor, yPred: tf.Tensor) => tf.sub(yPred, yTrue));
      expect(computeLoss(own, tf.zeros([2]), tf.tensor1d([1, 2])).dataSync()[0]).toBe(1.5);
    });
  });
});
