import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accumulateMomentum,
  adam,
  adamW,
  addDecayedWeights,
  chain,
  clipByGlobalNorm,
  rmsprop,
  scaleByAdam,
  scaleByLearningRate,
  scaleByRms,
  sgd,
  stateTensors,
  type GradientTransformation,
  type OptimizerState,
  type Tensors,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const params = (): Tensors => ({
  'a/kernel': tf.tensor2d([0.5, -1, 2, 0.25], [2, 2]),
  'a/bias': tf.tensor1d([0.1, -0.2]),
});
const gradients = (step: number): Tensors => ({
  'a/kernel': tf.tensor2d([1 + step, -2, 0.5, 4 - step], [2, 2]),
  'a/bias': tf.tensor1d([0.3, -0.1 * step]),
});

/** The updates of three steps, all in one list. */
function updatesOf(transformation: GradientTransformation): number[] {
  return tf.tidy(() => {
    const weights = params();
    let state = transformation.init(weights);
    return [0, 1, 2].flatMap((step) => {
      const result = transformation.update(gradients(step), state, weights);
      state = result.state;
      return Object.values(result.updates).flatMap((update) => Array.from(update.dataSync()));
    });
  });
}

/** The same part without the form that leaves a factor to its neighbours. */
const plain = ({ init, update }: GradientTransformation): GradientTransformation => ({ init, update });

describe('chain', () => {
  it('makes every recipe from the public parts', () => {
    const rate = 0.05;
    const pairs: [GradientTransformation, GradientTransformation][] = [
      [sgd({ learningRate: rate }), chain(scaleByLearningRate(rate))],
      [
        sgd({ learningRate: rate, momentum: 0.9, nesterov: true }),
        chain(scaleByLearningRate(rate), accumulateMomentum(0.9, { nesterov: true })),
      ],
      [
        rmsprop({ learningRate: rate, momentum: 0.5 }),
        chain(scaleByRms(), scaleByLearningRate(rate), accumulateMomentum(0.5)),
      ],
      [
        adam({ learningRate: rate, globalClipNorm: 1 }),
        chain(clipByGlobalNorm(1), scaleByAdam(), scaleByLearningRate(rate)),
      ],
    ];
    for (const [recipe, parts] of pairs) expect(updatesOf(recipe)).toEqual(updatesOf(parts));
  });

  it('decays weights alike before the learning rate and after it', () => {
    const before = chain(scaleByAdam(), addDecayedWeights(0.3), scaleByLearningRate(0.05));
    expectAllClose(updatesOf(before), updatesOf(adamW({ learningRate: 0.05, weightDecay: 0.3 })));
  });

  it('gives the same numbers whether factors are merged or not', () => {
    const parts = [
      clipByGlobalNorm(1),
      scaleByAdam(),
      scaleByLearningRate(0.05),
      accumulateMomentum(0.5),
      scaleByLearningRate(3),
    ];
    expectAllClose(updatesOf(chain(...parts)), updatesOf(chain(...parts.map(plain))));
    expectAllClose(
      updatesOf(chain(chain(...parts.slice(0, 3)), chain(), chain(...parts.slice(3)))),
      updatesOf(chain(...parts)),
    );
  });

  it('takes any object with init and update as a part', () => {
    const negate: GradientTransformation = {
      init: () => ({ calls: tf.scalar(0) }),
      update: (given, state) => ({
        updates: Object.fromEntries(Object.entries(given).map(([path, gradient]) => [path, tf.neg(gradient)])),
        state: { calls: tf.add((state as { calls: tf.Tensor }).calls, 1) },
      }),
    };
    const both = chain(scaleByLearningRate(0.05), negate);
    expectAllClose(
      updatesOf(both),
      updatesOf(sgd({ learningRate: 0.05 })).map((value) => -value),
    );
    tf.tidy(() => {
      const weights = params();
      const { state } = both.update(gradients(0), both.init(weights), weights);
      expect(stateTensors(state)['1.calls']!.dataSync()[0]).toBe(1);
    });
  });

  it('passes gradients through when it has no parts', () => {
    expect(updatesOf(chain())).toEqual(
      [0, 1, 2].flatMap((step) => Object.values(gradients(step)).flatMap((g) => Array.from(g.dataSync()))),
    );
  });

  it('leaves out gradients of weights that it was not given', () => {
    tf.tidy(() => {
      const weights = params();
      const optimizer = sgd();
      const given = { frozen: tf.scalar(1), ...gradients(0) };
      expect(Object.keys(optimizer.update(given, optimizer.init(weights), weights).updates)).toEqual(
        Object.keys(weights),
      );
    });
  });

  const bad: [
    string,
    (weights: Tensors, optimizer: GradientTransformation, state: OptimizerState) => unknown,
    string,
    RegExp,
  ][] = [
    [
      'a missing gradient',
      (w, o, s) => o.update({ 'a/kernel': w['a/kernel']! }, s, w),
      'GS_OPTIMIZER_GRADIENT',
      /"a\/bias" has no gradient/,
    ],
    [
      'a gradient of another shape',
      (w, o, s) => o.update({ ...w, 'a/bias': tf.zeros([3]) }, s, w),
      'GS_OPTIMIZER_GRADIENT',
      /Expected \[2\]; received \[3\]/,
    ],
    [
      'a state of other weights',
      (w, o) => o.update(w, o.init({ 'a/kernel': w['a/kernel']! }), w),
      'GS_OPTIMIZER_STATE',
      /m\.a\/bias/,
    ],
    ['a state of another optimizer', (w, o) => o.update(w, sgd().init(w), w), 'GS_OPTIMIZER_STATE', /"m"/],
    ['no state', (w, o) => o.update(w, {}, w), 'GS_OPTIMIZER_STATE', /nothing/],
    ['a part that is a factory', () => chain(adam as never), 'GS_OPTIMIZER_PART', /Call it/],
    ['a part that is nothing', () => chain(undefined as never), 'GS_OPTIMIZER_PART', /undefined/],
    [
      'a part that loses an update',
      (w) => chain({ init: () => ({}), update: (_, state) => ({ updates: {}, state }) }).update(w, {}, w),
      'GS_OPTIMIZER_GRADIENT',
      /chain part 0/,
    ],
  ];
  it.each(bad)('refuses %s', (_, act, code, message) => {
    tf.tidy(() => {
      const weights = params();
      const optimizer = adam();
      const state = optimizer.init(weights);
      expect(() => act(weights, optimizer, state)).toThrow(
        expect.objectContaining({ code, message: expect.stringMatching(message) }),
      );
    });
  });
});
