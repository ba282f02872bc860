import { GradstreamError } from '@gradstream/core';
import { firstDifference } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../fixtures/regularizers.json' with { type: 'json' };
import * as exported from './index.js';
import { l1, l1l2, l2, penalty, regularizer, type Regularizer } from './index.js';

/** The config that stands for a name and options of the golden numbers. */
const TYPES: Record<string, string> = { l1: 'L1', l2: 'L2', l1l2: 'L1L2' };

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });

  it.each(golden.penalties)(
    '$name $options of $shape in the numbers of Keras',
    ({ name, options, shape, w, value, gradient }) => {
      const penalize = regularizer({ type: TYPES[name]!, config: options as Record<string, number> });
      tf.tidy(() => {
        const weight = tf.tensor(w, shape);
        const found = penalize(weight);
        expect(found.shape).toEqual([]);
        expect(firstDifference(found, [value], { relative: 1e-5, absolute: 1e-9 })).toBeNull();
        // The upstream gradient is not 1: a loss may scale its penalties.
        const slopes = tf.grad((x: tf.Tensor) => penalize(x))(weight, tf.scalar(-3));
        expect(slopes.shape).toEqual(shape);
        expect(
          firstDifference(
            slopes,
            gradient.map((g) => -3 * g),
            { relative: 1e-5, absolute: 1e-9 },
          ),
        ).toBeNull();
      });
    },
  );

  it('has the gradient 0 at 0, as Keras', () => {
    tf.tidy(() => {
      const slopes = tf.grad((x: tf.Tensor) => l1(1)(x))(tf.tensor1d([0, -0, 2, -2]));
      expect([...slopes.dataSync()].map((slope) => slope + 0)).toEqual([0, 0, 1, -1]);
    });
  });

  it('leaves no tensor behind', () => {
    const weight = tf.tensor2d([1, -2, 0, 4], [2, 2]);
    const before = tf.memory().numTensors;
    for (const penalize of [l1(), l2(), l1l2(), l1l2({ l1: 1, l2: 2 })]) {
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
    const own: Regularizer = (weight) => tf.sum(weight);
    expect(regularizer(own)).toBe(own);
  });

  it.each([l1(0.3), l2(0), l1l2({ l1: 0.1, l2: 0.2 })])('makes one again from its config', ({ config }) => {
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
      () => regularizer({ type: 'Orthogonal', config: {} }),
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
