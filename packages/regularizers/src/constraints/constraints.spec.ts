import { GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkConstrained, constraintRows } from '../../fixtures/weight-case.js';
import * as exported from './index.js';
import { constrained, constraint, maxNorm, minMaxNorm, nonNegative, unitNorm, type Constraint } from './index.js';

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });

  it.each(constraintRows)('$name $options of $shape in the numbers of Keras', (row) => checkConstrained(row));

  it('leaves no tensor behind', () => {
    const weight = tf.tensor2d([1, -2, 0, 4], [2, 2]);
    const before = tf.memory().numTensors;
    for (const constrain of [maxNorm(), minMaxNorm({ rate: 0.5 }), nonNegative(), unitNorm()]) {
      for (let round = 0; round < 3; round++) constrained(constrain, weight).dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
    weight.dispose();
  });
});

describe('constraint', () => {
  it('finds by name and gives a function back unchanged', () => {
    expect(constraint('maxNorm').config).toEqual({ type: 'MaxNorm', config: { maxValue: 2, axis: 0 } });
    expect(constraint('max_norm').config).toEqual({ type: 'MaxNorm', config: { maxValue: 2, axis: 0 } });
    const bounds = { minValue: 0, maxValue: 1, rate: 1, axis: 0 };
    expect(constraint('min_max_norm').config).toEqual({ type: 'MinMaxNorm', config: bounds });
    expect(constraint('nonNegative').config).toEqual({ type: 'NonNeg', config: {} });
    expect(constraint('non_neg').config).toEqual({ type: 'NonNeg', config: {} });
    expect(constraint('unit_norm').config).toEqual({ type: 'UnitNorm', config: { axis: 0 } });
    const own: Constraint = (weight) => tf.abs(weight);
    expect(constraint(own)).toBe(own);
  });

  it.each([
    maxNorm({ maxValue: 3, axis: [0, 1] }),
    minMaxNorm({ minValue: 0.5, maxValue: 2, rate: 0.1, axis: 1 }),
    nonNegative(),
    unitNorm({ axis: -1 }),
  ])('makes one again from its config', ({ config }) => {
    expect(constraint(JSON.parse(JSON.stringify(config))).config).toEqual(config);
  });
});

describe('what cannot be used is refused', () => {
  const any = exported as unknown as Record<string, (...values: unknown[]) => unknown>;
  const cases: [string, string, () => unknown, string][] = [
    ['a misspelt name', 'GS_CONSTRAINT_UNKNOWN', () => constraint('maxnrom'), 'Did you mean "maxNorm"?'],
    ['no name', 'GS_CONSTRAINT_UNKNOWN', () => any.constraint!(undefined), 'pass the constraint itself'],
    [
      'a config of nothing known',
      'GS_CONSTRAINT_UNKNOWN',
      () => constraint({ type: 'Quantized', config: {} }),
      'There is no constraint',
    ],
    [
      'options where there are none',
      'GS_OPTION_UNKNOWN',
      () => constraint({ type: 'NonNeg', config: { axis: 0 } }),
      'Remove it',
    ],
    ['a negative norm', 'GS_OPTION_VALUE', () => maxNorm({ maxValue: -1 }), '"maxValue"'],
    ['bounds in the wrong order', 'GS_OPTION_VALUE', () => minMaxNorm({ minValue: 2 }), 'Swap'],
    ['a negative bound', 'GS_OPTION_VALUE', () => minMaxNorm({ minValue: -1 }), '"minValue"'],
    ['a rate above 1', 'GS_OPTION_VALUE', () => minMaxNorm({ rate: 1.5 }), '"rate"'],
    ['a word for an axis', 'GS_OPTION_VALUE', () => any.minMaxNorm!({ axis: 'x' }), '"axis"'],
    ['a number for options', 'GS_OPTION_TYPE', () => any.maxNorm!(2), '{ name: value }'],
    ['half an axis', 'GS_OPTION_VALUE', () => unitNorm({ axis: 0.5 }), '"axis"'],
    ['no axes', 'GS_OPTION_VALUE', () => maxNorm({ axis: [] }), '"axis"'],
    ['an axis too far', 'GS_CONSTRAINT_AXIS', () => maxNorm({ axis: 1 })(tf.ones([2])), 'from -1 to 0'],
    ['an axis named twice', 'GS_CONSTRAINT_AXIS', () => unitNorm({ axis: [0, -2] })(tf.ones([2, 2])), 'named twice'],
    ['a scalar', 'GS_CONSTRAINT_AXIS', () => unitNorm()(tf.scalar(1)), 'at least one axis'],
    [
      'another shape',
      'GS_CONSTRAINT_SHAPE',
      () => constrained((w) => tf.sum(w), tf.ones([2, 2]), 'dense_1/kernel'),
      '[dense_1/kernel]',
    ],
    [
      'another order',
      'GS_CONSTRAINT_SHAPE',
      () => constrained((w) => tf.transpose(w), tf.ones([2, 3])),
      'a tensor of shape [3, 2]',
    ],
    ['no result', 'GS_CONSTRAINT_SHAPE', () => any.constrained!(() => undefined, tf.ones([1])), 'received undefined'],
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
