import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { GradstreamError, type Config } from '@gradstream/core';
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

  it('makes one with options from a config', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([[-2, -0.5, 1, 3]]);
      const same = (config: Config, expected: tf.Tensor): void => {
        const made = activation(JSON.parse(JSON.stringify(config)));
        expect(made(x).dataSync()).toEqual(expected.dataSync());
        expect(made.config).toEqual(config);
        expect(activation(made.config!)(x).dataSync()).toEqual(expected.dataSync());
      };
      same({ type: 'gelu', config: { approximate: true } }, exported.gelu(x, { approximate: true }));
      same({ type: 'leakyRelu', config: { negativeSlope: 0.5 } }, leakyRelu(x, { negativeSlope: 0.5 }));
      same({ type: 'softmax', config: { axis: 0 } }, exported.softmax(x, { axis: 0 }));
      same({ type: 'threshold', config: { threshold: 0, defaultValue: -1 } }, exported.threshold(x, 0, -1));
      expect(activation({ type: 'leaky_relu', config: { negativeSlope: 0.5 } }).config!.type).toBe('leakyRelu');
      expect(activation({ type: 'hard_swish', config: {} })).toBe(hardSilu);
      expect(activationName(activation({ type: 'gelu', config: { approximate: true } }))).toBeUndefined();
    });
  });

  it('has a shape for each: glu halves the last size', () => {
    expect(activationShape(relu, [null, 3])).toEqual([null, 3]);
    expect(activationShape(glu, [null, 4, 6])).toEqual([null, 4, 3]);
    expect(activationShape(glu, [null, null])).toEqual([null, null]);
    const across = activation({ type: 'glu', config: { axis: 1 } });
    expect(activationShape(across, [null, 4, 5])).toEqual([null, 2, 5]);
    expect(across(tf.ones([2, 4, 5])).shape).toEqual([2, 2, 5]);
    expect(errorOf(() => activationShape(glu, [null, 5]))).toMatchObject({
      code: 'GS_ACTIVATION_SHAPE',
      received: '5 in the shape [null, 5]',
    });
  });
});

describe('what cannot be used is refused', () => {
  const x = (): tf.Tensor => tf.tensor2d([[1, 2, 3]]);
  const any = exported as unknown as Record<string, (...values: unknown[]) => unknown>;
  const made = (type: string, config: Config['config']): unknown => activation({ type, config });
  const cases: [string, string, () => unknown, string][] = [
    ['a misspelt name', 'GS_ACTIVATION_UNKNOWN', () => activation('rellu'), 'Did you mean "relu"?'],
    ['a name of Object', 'GS_ACTIVATION_UNKNOWN', () => activation('toString'), 'Use one of these names'],
    ['no name', 'GS_ACTIVATION_UNKNOWN', () => any.activation!(undefined), 'Use one of these names'],
    ['threshold by name', 'GS_ACTIVATION_OPTIONS', () => activation('threshold'), '(x) => threshold(x, 1, 0)'],
    ['half a threshold', 'GS_ACTIVATION_OPTIONS', () => made('threshold', { threshold: 1 }), 'defaultValue: 0'],
    [
      'a threshold in words',
      'GS_OPTION_VALUE',
      () => made('threshold', { threshold: '1', defaultValue: 0 }),
      '"threshold"',
    ],
    ['options of another threshold', 'GS_OPTION_UNKNOWN', () => made('threshold', { value: 1 }), 'Remove it'],
    ['an unknown config', 'GS_ACTIVATION_UNKNOWN', () => made('rellu', {}), 'Did you mean "relu"?'],
    ['a layer with weights', 'GS_ACTIVATION_UNKNOWN', () => made('PReLU', {}), 'There is no activation'],
    ['a config of the prototype', 'GS_ACTIVATION_UNKNOWN', () => made('constructor', {}), 'Use one of these names'],
    ['options where there are none', 'GS_OPTION_UNKNOWN', () => made('tanh', { axis: 1 }), 'Remove it'],
    ['a misspelt option of a config', 'GS_OPTION_UNKNOWN', () => made('gelu', { approximation: true }), 'approximate'],
    ['a value of a config', 'GS_OPTION_VALUE', () => made('elu', { alpha: -1 }), '"alpha"'],
    ['a slope of a layer', 'GS_OPTION_VALUE', () => made('LeakyReLU', { negativeSlope: -1 }), '"negativeSlope"'],
    ['a threshold of a layer', 'GS_OPTION_VALUE', () => made('ReLU', { threshold: -1 }), '"threshold"'],
    ['a missing slope of a layer', 'GS_OPTION_VALUE', () => made('ReLU', { negativeSlope: null }), '"negativeSlope"'],
    ['an option of another layer', 'GS_OPTION_UNKNOWN', () => made('ELU', { negativeSlope: 1 }), 'Remove it'],
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
