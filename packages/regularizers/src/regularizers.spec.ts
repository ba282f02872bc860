import { GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkPenalty, penaltyRows } from '../fixtures/weight-case.js';
import * as exported from './index.js';
import { klSparsity, l1, l1l2, l2, orthogonal, penalty, regularizer, type Regularizer } from './index.js';

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });

  it.each(penaltyRows)('$name $options of $shape in the numbers of Keras', (row) => checkPenalty(row));

  it('has the gradient 0 at 0, as Keras', () => {
    tf.tidy(() => {
      const slopes = tf.grad((x: tf.Tensor) => l1(1)(x))(tf.tensor1d([0, -0, 2, -2]));
      expect([...slopes.dataSync()].map((slope) => slope + 0)).toEqual([0, 0, 1, -1]);
    });
  });

  it('pushes nothing where vectors are orthogonal already, or alone', () => {
    tf.tidy(() => {
      for (const weight of [tf.eye(3), tf.tensor2d([[3, -4]]), tf.zeros([2, 2]), tf.zeros([0, 2])] as tf.Tensor[]) {
        expect(orthogonal({ factor: 5 })(weight).dataSync()[0]).toBe(0);
        const slopes = tf.grad((x: tf.Tensor) => orthogonal()(x))(weight);
        expect([...slopes.dataSync()].every((slope) => slope === 0)).toBe(true);
      }
      // Rows of numbers too small to be squared in float32 are as good as zeros: never NaN.
      expect([...orthogonal()(tf.fill([2, 2], 1e-30)).dataSync()].every(Number.isFinite)).toBe(true);
    });
  });

  it('is 0 at the target of the sparsity and finite for any activations', () => {
    tf.tidy(() => {
      expect(Math.abs(klSparsity({ target: 0.25, factor: 1 })(tf.fill([4, 3], 0.25)).dataSync()[0]!)).toBeLessThan(
        1e-6,
      );
      for (const value of [0, 1, -2, 7, 1e-30]) {
        const found = klSparsity()(tf.fill([4, 3], value)).dataSync()[0]!;
        expect(found).toBeGreaterThan(0);
        expect(Number.isFinite(found)).toBe(true);
        const slopes = tf.grad((x: tf.Tensor) => klSparsity()(x))(tf.fill([4, 3], value));
        expect([...slopes.dataSync()].every((slope) => slope === 0)).toBe(true);
      }
    });
  });

  it('leaves no tensor behind', () => {
    const weight = tf.tensor2d([1, -2, 0, 4], [2, 2]);
    const before = tf.memory().numTensors;
    const all = [
      l1(),
      l2(),
      l1l2(),
      l1l2({ l1: 1, l2: 2 }),
      orthogonal(),
      orthogonal({ mode: 'columns' }),
      klSparsity(),
    ];
    for (const penalize of all) {
      for (let round = 0; round < 3; round++) {
        penalty(penalize, weight).dispose();
        tf.grad((x: tf.Tensor) => penalize(x))(weight).dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
    }
    weight.dispose();
  });
});

describe('regularizer', () => {
  it('finds by name and gives a function back unchanged', () => {
    expect(regularizer('l1').config).toEqual({ type: 'L1', config: { l1: 0.01 } });
    expect(regularizer('l2').config).toEqual({ type: 'L2', config: { l2: 0.01 } });
    expect(regularizer('l1l2').config).toEqual({ type: 'L1L2', config: { l1: 0, l2: 0 } });
    expect(regularizer('l1_l2').config).toEqual({ type: 'L1L2', config: { l1: 0, l2: 0 } });
    const orthogonalConfig = { type: 'OrthogonalRegularizer', config: { factor: 0.01, mode: 'rows' } };
    expect(regularizer('orthogonal').config).toEqual(orthogonalConfig);
    expect(regularizer('kl_sparsity').config).toEqual({ type: 'KlSparsity', config: { target: 0.05, factor: 0.01 } });
    const own: Regularizer = (weight) => tf.sum(weight);
    expect(regularizer(own)).toBe(own);
  });

  it.each([
    l1(0.3),
    l2(0),
    l1l2({ l1: 0.1, l2: 0.2 }),
    orthogonal({ factor: 2, mode: 'columns' }),
    klSparsity({ target: 0.5, factor: 0 }),
  ])('makes one again from its config', ({ config }) => {
    expect(regularizer(JSON.parse(JSON.stringify(config))).config).toEqual(config);
  });

  it("takes the penalty of one's own", () => {
    tf.tidy(() => {
      const weight = tf.tensor1d([1, 2]);
      expect(penalty((w) => tf.sum(w), weight).dataSync()[0]).toBe(3);
    });
  });
});

describe('what cannot be used is refused', () => {
  const any = exported as unknown as Record<string, (...values: unknown[]) => unknown>;
  const cases: [string, string, () => unknown, string][] = [
    ['a misspelt name', 'GS_REGULARIZER_UNKNOWN', () => regularizer('l3'), 'Did you mean "l1"?'],
    ['no name', 'GS_REGULARIZER_UNKNOWN', () => any.regularizer!(undefined), 'pass the regularizer itself'],
    [
      'a config of nothing known',
      'GS_REGULARIZER_UNKNOWN',
      () => regularizer({ type: 'Quantized', config: {} }),
      'pass the regularizer itself',
    ],
    [
      'an option of another',
      'GS_OPTION_UNKNOWN',
      () => regularizer({ type: 'L1', config: { l2: 1 } }),
      'Did you mean "l1"?',
    ],
    ['a negative factor', 'GS_OPTION_VALUE', () => l1(-0.1), '"factor"'],
    ['an infinite factor', 'GS_OPTION_VALUE', () => l2(Infinity), '"factor"'],
    ['an object for a factor', 'GS_OPTION_VALUE', () => any.l2!({ l2: 0.1 }), '"factor"'],
    ['a negative part', 'GS_OPTION_VALUE', () => l1l2({ l2: -1 }), '"l2"'],
    ['a negative factor of angles', 'GS_OPTION_VALUE', () => orthogonal({ factor: -1 }), '"factor"'],
    ['another mode', 'GS_OPTION_VALUE', () => any.orthogonal!({ mode: 'column' }), 'Did you mean "columns"?'],
    ['an orthogonal bias', 'GS_REGULARIZER_INPUT', () => orthogonal()(tf.ones([3])), 'the shape [3]'],
    ['an orthogonal convolution', 'GS_REGULARIZER_INPUT', () => orthogonal()(tf.ones([2, 2, 2, 2])), 'tf.reshape'],
    ['a target of 0', 'GS_OPTION_VALUE', () => klSparsity({ target: 0 }), '"target"'],
    ['a target of 1', 'GS_OPTION_VALUE', () => klSparsity({ target: 1 }), '"target"'],
    ['a word for a factor', 'GS_OPTION_VALUE', () => any.klSparsity!({ factor: '1' }), '"factor"'],
    ['a misspelt target', 'GS_OPTION_UNKNOWN', () => any.klSparsity!({ targets: 0.1 }), 'Did you mean "target"?'],
    ['a sparse number', 'GS_REGULARIZER_INPUT', () => klSparsity()(tf.scalar(0.5)), '[batch, ..., units]'],
    ['a number for options', 'GS_OPTION_TYPE', () => any.l1l2!(0.1), '{ name: value }'],
    ['a misspelt option', 'GS_OPTION_UNKNOWN', () => any.l1l2!({ l_1: 0.1 }), 'Did you mean "l1"?'],
    [
      'a penalty by element',
      'GS_REGULARIZER_SHAPE',
      () => penalty((w) => tf.square(w) as tf.Scalar, tf.ones([2, 2])),
      'a tensor of shape [2, 2]',
    ],
    [
      'a penalty of one element',
      'GS_REGULARIZER_SHAPE',
      () => penalty((w) => w as tf.Scalar, tf.ones([1]), 'dense_1/kernel'),
      '[dense_1/kernel]',
    ],
    ['a number for a tensor', 'GS_REGULARIZER_SHAPE', () => any.penalty!(() => 3, tf.ones([1])), 'received 3'],
    ['no penalty', 'GS_REGULARIZER_SHAPE', () => any.penalty!(() => undefined, tf.ones([1])), 'received undefined'],
  ];
  it.each(cases)('%s: %s', (_, code, call, text) => {
    let error: unknown;
    tf.engine().startScope();
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    tf.engine().endScope();
    expect(error).toBeInstanceOf(GradstreamError);
    expect(error).toMatchObject({ code });
    expect((error as GradstreamError).message).toContain(text);
  });
});
