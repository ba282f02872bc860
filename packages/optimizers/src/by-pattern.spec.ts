import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  byPattern,
  chain,
  freeze,
  learningRateOf,
  lossScale,
  optimizer,
  partition,
  scaleByLearningRate,
  scaledLoss,
  sgd,
  stateTensors,
  withLearningRate,
  type Tensors,
} from './index.js';
import { constant } from './schedules/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const weights = (): Tensors => ({
  'encoder/dense_1/kernel': tf.tensor1d([1, 2]),
  'encoder/dense_10/kernel': tf.tensor1d([3]),
  'head/kernel': tf.tensor1d([4]),
  'head/bias': tf.tensor1d([5]),
});
const ones = (): Tensors =>
  Object.fromEntries(Object.entries(weights()).map(([path, weight]) => [path, tf.onesLike(weight)]));

/** The first element of each update of one step. */
function firstOf(groups: Parameters<typeof byPattern>[0], fallback = sgd({ learningRate: 1 })): number[] {
  return tf.tidy(() => {
    const grouped = byPattern(groups, fallback);
    const params = weights();
    const { updates } = grouped.update(ones(), grouped.init(params), params);
    expect(Object.keys(updates)).toEqual(Object.keys(params));
    return Object.values(updates).map((update) => update.dataSync()[0]!);
  });
}

describe('byPattern', () => {
  it('takes whole paths for expressions, and beginnings of paths for texts', () => {
    expect(firstOf([{ match: /encoder\/.*/, learningRate: 2 }])).toEqual([-2, -2, -1, -1]);
    expect(firstOf([{ match: /encoder/, learningRate: 2 }])).toEqual([-1, -1, -1, -1]);
    expect(firstOf([{ match: /.*BIAS/i, learningRate: 2 }])).toEqual([-1, -1, -1, -2]);
    expect(firstOf([{ match: /.*kernel/g, learningRate: 2 }])).toEqual([-2, -2, -2, -1]);
    expect(firstOf([{ match: 'encoder/dense_1', learningRate: 2 }])).toEqual([-2, -1, -1, -1]);
    expect(firstOf([{ match: 'head/bias', learningRate: 2 }])).toEqual([-1, -1, -1, -2]);
    expect(firstOf([{ match: 'dense_1', learningRate: 2 }])).toEqual([-1, -1, -1, -1]);
  });

  it('prefers the group whose text is the path', () => {
    const groups = [
      { match: /head\/.*/, learningRate: 2 },
      { match: 'head/bias', learningRate: 3 },
    ];
    expect(firstOf(groups)).toEqual([-1, -1, -2, -3]);
  });

  it('changes the learning rate, the decay, both, or freezes', () => {
    const groups = [
      { match: /encoder\/dense_1\/.*/, weightDecay: 0.5 },
      { match: /encoder\/dense_10\/.*/, freeze: true },
      { match: 'head/bias', learningRate: 2, weightDecay: 0.5 },
    ];
    expect(firstOf(groups)).toEqual([-1.5, 0, -1, -7]);
  });

  it('gives schedules and other optimizers to groups', () => {
    const groups = [
      { match: 'head', learningRate: constant(3) },
      { match: 'encoder', optimizer: chain(scaleByLearningRate(4)) },
    ];
    expect(firstOf(groups)).toEqual([-4, -4, -3, -3]);
    expectAllClose(firstOf([{ match: 'head', optimizer: 'adam' }]), [-1, -1, -0.001, -0.001]);
    const config = adam({ learningRate: 0.5 }).config!;
    expectAllClose(firstOf([{ match: 'head', optimizer: config }]), [-1, -1, -0.5, -0.5]);
  });

  it('keeps the ratios of the learning rates when the first is set', () => {
    tf.tidy(() => {
      const grouped = byPattern([{ match: 'head', learningRate: 0.1 }], sgd({ learningRate: 1, weightDecay: 0.1 }));
      const params = weights();
      const state = grouped.init(params);
      expect(learningRateOf(state)!.dataSync()[0]).toBe(1);
      const value = tf.scalar(0.5);
      const changed = withLearningRate(state, value);
      expect(learningRateOf(changed)).toBe(value);
      expect(Object.keys(stateTensors(changed))).toEqual(Object.keys(stateTensors(state)));
      const rates = Object.entries(stateTensors(changed)).map(([path, rate]) => [path, rate.dataSync()[0]!] as const);
      expect(rates.map(([path]) => path)).toEqual([
        'groups.default.0.learningRate',
        'groups.default.1.learningRate',
        'groups.group0.0.learningRate',
        'groups.group0.1.learningRate',
      ]);
      expectAllClose(
        rates.map(([, rate]) => rate),
        [0.5, 0.5, 0.05, 0.05],
      );
      // From 0 no ratio is left: all get the same.
      const risen = withLearningRate(withLearningRate(state, tf.scalar(0)), tf.scalar(0.25));
      expect(Object.values(stateTensors(risen)).map((rate) => rate.dataSync()[0])).toEqual([0.25, 0.25, 0.25, 0.25]);
    });
  });

  it('has a config only where Keras could have one', () => {
    expect(byPattern([{ match: 'head', learningRate: 2 }], sgd()).config).toMatchObject({ type: 'MultiOptimizer' });
    expect(byPattern([{ match: /head.*/i, learningRate: 2 }], sgd()).config).toBeUndefined();
    expect(byPattern([{ match: 'head', freeze: true }], sgd()).config).toBeUndefined();
    expect(byPattern([{ match: 'head', optimizer: 'sgd' }], chain()).config).toBeUndefined();
  });

  it('takes the loss scale of a config off before the groups, as Keras', () => {
    tf.tidy(() => {
      const { type, config } = byPattern([{ match: 'head', learningRate: 2 }], sgd({ learningRate: 1 })).config!;
      const scaled = optimizer({ type, config: { ...config, lossScaleFactor: 4 } });
      const params = weights();
      const { updates } = scaled.update(ones(), scaled.init(params), params);
      expect(Object.values(updates).map((update) => update.dataSync()[0])).toEqual([-0.25, -0.25, -0.5, -0.5]);
      expect(scaledLoss(scaled, scaled.init(params), tf.scalar(1)).dataSync()[0]).toBe(4);
      expect(optimizer(scaled.config!).config).toEqual(scaled.config);
    });
  });

  const bad: [string, () => unknown, string, RegExp][] = [
    ['no groups', () => byPattern([], sgd()), 'GS_OPTION_VALUE', /at least one/],
    ['a group that is null', () => byPattern([null as never], sgd()), 'GS_OPTION_TYPE', /groups\[0\]/],
    ['a misspelt name', () => byPattern([{ match: 'a', lr: 1 } as never], sgd()), 'GS_OPTION_UNKNOWN', /lr/],
    ['no pattern', () => byPattern([{ freeze: true } as never], sgd()), 'GS_OPTION_VALUE', /match/],
    ['an empty text', () => byPattern([{ match: '', freeze: true }], sgd()), 'GS_OPTION_VALUE', /match/],
    ['nothing of its own', () => byPattern([{ match: 'a' }], sgd()), 'GS_OPTION_VALUE', /nothing of its own/],
    [
      'a frozen group that learns',
      () => byPattern([{ match: 'a', freeze: true, learningRate: 1 }], sgd()),
      'GS_OPTION_VALUE',
      /frozen/,
    ],
    [
      'an optimizer and a rate',
      () => byPattern([{ match: 'a', optimizer: 'adam', learningRate: 1 }], sgd()),
      'GS_OPTION_VALUE',
      /one of the two/,
    ],
    ['a negative rate', () => byPattern([{ match: 'a', learningRate: -1 }], sgd()), 'GS_OPTION_VALUE', /learningRate/],
    ['a negative decay', () => byPattern([{ match: 'a', weightDecay: -1 }], sgd()), 'GS_OPTION_VALUE', /weightDecay/],
    [
      'another rate of a chain',
      () => byPattern([{ match: 'a', learningRate: 1 }], chain()),
      'GS_OPTION_VALUE',
      /config/,
    ],
    [
      'an unknown optimizer',
      () => byPattern([{ match: 'a', optimizer: 'adm' }], sgd()),
      'GS_OPTIMIZER_UNKNOWN',
      /adam/,
    ],
    [
      'a number for an optimizer',
      () => byPattern([{ match: 'a', optimizer: 1 as never }], sgd()),
      'GS_OPTION_VALUE',
      /optimizer/,
    ],
    ['no default', () => byPattern([{ match: 'a', freeze: true }], undefined as never), 'GS_OPTION_VALUE', /optimizer/],
    [
      'a loss scale inside',
      () => byPattern([{ match: 'a', optimizer: lossScale(adam()) }], sgd()),
      'GS_OPTIMIZER_GROUPS',
      /around the whole/,
    ],
    [
      'two groups of a weight',
      () =>
        firstOf([
          { match: 'head', freeze: true },
          { match: /.*bias/, freeze: true },
        ]),
      'GS_OPTIMIZER_GROUPS',
      /head\/bias/,
    ],
    ['a part that is none', () => partition(() => 'a', { a: sgd as never }), 'GS_OPTIMIZER_PART', /Call it/],
    [
      'a label that is none',
      () => partition(() => 'b', { a: freeze() }).init({ w: tf.scalar(1) }),
      'GS_OPTIMIZER_GROUPS',
      /"w"/,
    ],
    [
      'a label of the prototype',
      () => partition(() => 'constructor', { a: freeze() }).init({ w: tf.scalar(1) }),
      'GS_OPTIMIZER_GROUPS',
      /"w"/,
    ],
  ];
  it.each(bad)('refuses %s', (_, act, code, message) => {
    expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
