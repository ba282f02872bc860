import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { GradstreamError } from '@gradstream/core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as exported from './index.js';
import {
  activation,
  activationName,
  activationShape,
  glu,
  hardSilu,
  leakyRelu,
  logSoftmax,
  relu,
  silu,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The error that a call throws. */
function errorOf(call: () => unknown): GradstreamError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(GradstreamError);
    return error as GradstreamError;
  }
  throw new Error('Nothing was thrown');
}

describe('activation', () => {
  const lookups: [string, unknown][] = [
    ['relu', relu],
    ['leakyRelu', leakyRelu],
    ['leaky_relu', leakyRelu],
    ['log_softmax', logSoftmax],
    ['swish', silu],
    ['hard_swish', hardSilu],
  ];
  it.each(lookups)('finds %s', (name, found) => expect(activation(name)).toBe(found));

  it('gives a function back unchanged', () => {
    const own = (x: tf.Tensor): tf.Tensor => tf.square(x);
    expect(activation(own)).toBe(own);
    expect(activationName(own)).toBeUndefined();
  });

  it('knows each of its own by one name, which finds it again', () => {
    for (const [name, found] of Object.entries(exported)) {
      if (['activation', 'activationName', 'activationShape', 'threshold'].includes(name)) continue;
      const known = activationName(found as exported.Activation)!;
      expect(known).toBe({ swish: 'silu', hardSwish: 'hardSilu' }[name] ?? name);
      expect(activation(known)).toBe(found);
    }
  });

  it('has a shape for each: glu halves the last size', () => {
    expect(activationShape(relu, [null, 3])).toEqual([null, 3]);
    expect(activationShape(glu, [null, 4, 6])).toEqual([null, 4, 3]);
    expect(activationShape(glu, [null, null])).toEqual([null, null]);
    expect(errorOf(() => activationShape(glu, [null, 5]))).toMatchObject({
      code: 'GS_ACTIVATION_SHAPE',
      received: '5 in the shape [null, 5]',
    });
  });
});

describe('what cannot be used is refused', () => {
  const x = (): tf.Tensor => tf.tensor2d([[1, 2, 3]]);
  const any = exported as unknown as Record<string, (...values: unknown[]) => unknown>;
  const cases: [string, string, () => unknown, string][] = [
    ['a misspelt name', 'GS_ACTIVATION_UNKNOWN', () => activation('rellu'), 'Did you mean "relu"?'],
    ['a name of Object', 'GS_ACTIVATION_UNKNOWN', () => activation('toString'), 'Use one of these names'],
    ['no name', 'GS_ACTIVATION_UNKNOWN', () => any.activation!(undefined), 'Use one of these names'],
    ['threshold by name', 'GS_ACTIVATION_OPTIONS', () => activation('threshold'), '(x) => threshold(x, 1, 0)'],
    ['threshold without numbers', 'GS_OPTION_VALUE', () => any.threshold!(x()), '"threshold"'],
    ['threshold without a default', 'GS_OPTION_VALUE', () => any.threshold!(x(), 1), '"defaultValue"'],
    ['an odd width', 'GS_ACTIVATION_SHAPE', () => glu(x()), 'twice the width'],
    ['an axis too far', 'GS_ACTIVATION_SHAPE', () => exported.softmax(x(), { axis: 2 }), 'Choose axes'],
    ['an axis too far back', 'GS_ACTIVATION_SHAPE', () => exported.sparsemax(x(), { axis: -3 }), 'Choose axes'],
    ['an axis named twice', 'GS_ACTIVATION_SHAPE', () => exported.logSoftmax(x(), { axis: [1, -1] }), 'Choose axes'],
    ['a scalar', 'GS_ACTIVATION_SHAPE', () => exported.softmax(tf.scalar(1)), 'Reshape'],
    ['a scalar in sparsemax', 'GS_ACTIVATION_SHAPE', () => exported.sparsemax(tf.scalar(1)), 'Reshape'],
    ['no axes', 'GS_OPTION_VALUE', () => exported.softmax(x(), { axis: [] }), '"axis"'],
    ['half an axis', 'GS_OPTION_VALUE', () => exported.softmax(x(), { axis: 0.5 }), '"axis"'],
    ['two axes of sparsemax', 'GS_OPTION_VALUE', () => any.sparsemax!(x(), { axis: [0, 1] }), '"axis"'],
    ['two axes of glu', 'GS_OPTION_VALUE', () => any.glu!(x(), { axis: [0, 1] }), '"axis"'],
    ['a misspelt option', 'GS_OPTION_UNKNOWN', () => any.relu!(x(), { max_value: 6 }), 'Did you mean "maxValue"?'],
    ['an option of another', 'GS_OPTION_UNKNOWN', () => any.elu!(x(), { negativeSlope: 1 }), 'Remove it'],
    ['a number for options', 'GS_OPTION_TYPE', () => any.leakyRelu!(x(), 0.3), '{ name: value }'],
    ['a negative maximum', 'GS_OPTION_VALUE', () => relu(x(), { maxValue: -1 }), '"maxValue"'],
    ['a negative slope', 'GS_OPTION_VALUE', () => leakyRelu(x(), { negativeSlope: -0.1 }), '"negativeSlope"'],
    ['a slope that is no number', 'GS_OPTION_VALUE', () => relu(x(), { negativeSlope: Number.NaN }), '"negativeSlope"'],
    ['a negative alpha', 'GS_OPTION_VALUE', () => exported.elu(x(), { alpha: -1 }), '"alpha"'],
    ['an alpha of 0 in celu', 'GS_OPTION_VALUE', () => exported.celu(x(), { alpha: 0 }), '"alpha"'],
    ['a word for a flag', 'GS_OPTION_VALUE', () => any.gelu!(x(), { approximate: 'tanh' }), '"approximate"'],
    ['a negative b', 'GS_OPTION_VALUE', () => exported.squareplus(x(), { b: -4 }), '"b"'],
    ['a negative threshold', 'GS_OPTION_VALUE', () => exported.softShrink(x(), { threshold: -1 }), '"threshold"'],
    [
      'an infinite threshold',
      'GS_OPTION_VALUE',
      () => exported.hardShrink(x(), { threshold: Infinity }),
      '"threshold"',
    ],
    ['a number', 'GS_ACTIVATION_INPUT', () => any.relu!(3), 'tf.tensor'],
    ['nothing', 'GS_ACTIVATION_INPUT', () => any.gelu!(undefined), 'tf.tensor'],
    ['words', 'GS_ACTIVATION_INPUT', () => exported.sigmoid(tf.tensor1d(['a'], 'string')), 'tf.tensor'],
  ];
  it.each(cases)('%s: %s', (_, code, call, next) => {
    tf.engine().startScope();
    const error = errorOf(call);
    tf.engine().endScope();
    expect(error.code).toBe(code);
    expect(`${error.what} ${error.next}`).toContain(next);
    for (const beat of [error.where, error.what, error.expected, error.received, error.next]) expect(beat).not.toBe('');
  });
});
