import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accumulateGradients,
  adafactor,
  adam,
  adamW,
  averageWeights,
  byPattern,
  chain,
  emaWeights,
  followRegularizedLeader,
  ftrl,
  lamb,
  lion,
  lookahead,
  lossScale,
  muon,
  optimizer,
  orthogonalizeMomentum,
  scaleBy,
  scaleByLearningRate,
  scaleByLion,
  scaleBySchedule,
  scaledLoss,
  scheduleFreeAdamW,
  sgd,
  stateFrom,
  stateTensors,
  unscaleLoss,
  withDecayedWeights,
} from './index.js';
import { constant, type Schedule } from './schedules/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const w = () => ({ w: tf.tensor1d([1, 2]) });
const valuesOf = (tensor: tf.Tensor | undefined): number[] => Array.from(tensor!.dataSync());

describe('accumulated gradients', () => {
  it('give updates of 0 between, and the mean then', () => {
    tf.tidy(() => {
      const recipe = accumulateGradients(3, chain(scaleByLearningRate(1)));
      let state = recipe.init(w());
      const names: string[][] = [];
      const updates = [3, 6, 9, 1].map((value) => {
        const result = recipe.update({ w: tf.fill([2], value) }, state, w());
        state = result.state;
        names.push(Object.keys(stateTensors(state)));
        return valuesOf(result.updates['w']);
      });
      expectAllClose(updates, [
        [0, 0],
        [0, 0],
        [-6, -6],
        [0, 0],
      ]);
      const rate = 'inner.0.learningRate';
      expect(names).toEqual([[rate, 'sum.1.w'], [rate, 'sum.2.w'], [rate], [rate, 'sum.1.w']]);
    });
  });

  it('own their sum: the gradients can be freed', () => {
    const recipe = accumulateGradients(2, chain());
    const gradients = { w: tf.tensor1d([1, 2]) };
    const state = recipe.update(gradients, recipe.init(w()), w()).state;
    gradients.w.dispose();
    expect(valuesOf(recipe.update(w(), state, w()).updates['w'])).toEqual([1, 2]);
  });

  it('refuse a state of more steps', () => {
    tf.tidy(() => {
      const long = accumulateGradients(4, chain());
      let state = long.init(w());
      for (let call = 0; call < 3; call++) state = long.update(w(), state, w()).state;
      for (const one of [state, stateFrom({ 'sum.x.w': w().w }), { sum: w().w }]) {
        expect(() => accumulateGradients(2, chain()).update(w(), one, w())).toThrow(
          expect.objectContaining({ code: 'GS_OPTIMIZER_STATE' }),
        );
      }
    });
  });
});

describe('means of weights', () => {
  it('are found wherever they stand, and end where they are read', () => {
    tf.tidy(() => {
      const recipe = byPattern(
        [{ match: 'a', optimizer: sgd({ useEma: true }) }],
        sgd({ useEma: true, emaMomentum: 0.5 }),
      );
      const params = { 'a/w': tf.scalar(1), 'b/w': tf.scalar(2) };
      const { state } = recipe.update({ 'a/w': tf.scalar(100), 'b/w': tf.scalar(0) }, recipe.init(params), params);
      const averages = emaWeights(state);
      expect(Object.keys(averages).toSorted()).toEqual(['a/w', 'b/w']);
      expectAllClose([averages['a/w']!, averages['b/w']!], [0, 2]);
      expect(() => emaWeights(sgd().init(params))).toThrow(expect.objectContaining({ code: 'GS_OPTIMIZER_STATE' }));
    });
  });
});

describe('the scale of a loss', () => {
  const scaleOf = (one: Parameters<typeof scaledLoss>[0]): number =>
    tf.tidy(() => scaledLoss(one, one.init(w()), tf.scalar(2)).dataSync()[0]!);

  it('is asked of the outermost, with all that is inside', () => {
    expect(scaleOf(adam())).toBe(2);
    expect(scaleOf(adam({ lossScaleFactor: 8 }))).toBe(16);
    expect(scaleOf(adam({ lossScaleFactor: 8, gradientAccumulationSteps: 2 }))).toBe(16);
    expect(scaleOf(lamb({ lossScaleFactor: 8, weightDecay: 0.1, useEma: true }))).toBe(16);
    expect(scaleOf(lossScale(adam(), { initialScale: 4 }))).toBe(8);
    expect(scaleOf(lookahead(lossScale(adam({ lossScaleFactor: 8 }), { initialScale: 4 })))).toBe(64);
    expect(scaleOf(chain(unscaleLoss(2), chain(unscaleLoss(3)), scaleBy(5)))).toBe(12);
  });

  it('leaves a loss alone that nobody scales', () => {
    const loss = tf.scalar(1);
    expect(scaledLoss(sgd(), {}, loss)).toBe(loss);
    loss.dispose();
  });

  it('skips a step that is not finite, with all that is remembered', () => {
    tf.tidy(() => {
      const recipe = lossScale(adam(), { initialScale: 4 });
      const first = recipe.update({ w: tf.tensor1d([1, 2]) }, recipe.init(w()), w()).state;
      const { updates, state } = recipe.update({ w: tf.tensor1d([1, NaN]) }, first, w());
      expect(valuesOf(updates['w'])).toEqual([0, 0]);
      const [before, after] = [stateTensors(first), stateTensors(state)];
      for (const path of Object.keys(before).filter((name) => name.startsWith('inner')))
        expect(valuesOf(after[path])).toEqual(valuesOf(before[path]));
      expect([valuesOf(after['dynamicScale']), valuesOf(after['stepCounter'])]).toEqual([[2], [0]]);
    });
  });

  it('refuses an optimizer that accumulates inside', () => {
    tf.tidy(() => {
      const recipe = lossScale(adam({ gradientAccumulationSteps: 2 }));
      expect(() => recipe.update(w(), recipe.init(w()), w())).toThrow(
        expect.objectContaining({ code: 'GS_OPTIMIZER_LOSS_SCALE' }),
      );
    });
  });
});

it('lion does not hide NaN', () => {
  tf.tidy(() => {
    const part = scaleByLion();
    const { updates } = part.update({ w: tf.tensor1d([NaN, -3]) }, part.init(w()), w());
    expect(valuesOf(updates['w'])).toEqual([NaN, -1]);
  });
});

it('weights are left out of decay by names', () => {
  tf.tidy(() => {
    const params = { 'a/kernel': tf.scalar(1), 'a/bias': tf.scalar(1), 'norm_1/gamma': tf.scalar(1) };
    const none = Object.fromEntries(Object.keys(params).map((path) => [path, tf.scalar(0)]));
    for (const make of [adamW, lamb]) {
      const recipe = make({ learningRate: 1, weightDecay: 0.5, excludeFromWeightDecay: ['bias', /^norm_\d/g] });
      for (const one of [recipe, optimizer(recipe.config!)])
        expectAllClose(Object.values(one.update(none, one.init(params), params).updates), [-0.5, 0, 0]);
    }
  });
});

const own: Schedule = (step) => step;
it('a config is missing where a function cannot be written down', () => {
  expect(adam({ learningRate: own }).config).toBeUndefined();
  expect(adam({ excludeFromWeightDecay: () => true, weightDecay: 1 }).config).toBeUndefined();
  expect(muon({ excludeLayers: () => true }).config).toBeUndefined();
  expect(muon({ excludeLayers: [/a/i] }).config).toBeUndefined();
  expect(adamW({ learningRate: own }).config).toBeUndefined();
  expect(lookahead(adam({ learningRate: own })).config).toBeUndefined();
  expect(lossScale(chain()).config).toBeUndefined();
  expect(adam({ learningRate: constant(0.1) }).config).toBeDefined();
});

const bad: [string, () => unknown, string][] = [
  ['a mean without useEma', () => adam({ emaMomentum: 0.9 }), 'GS_OPTION_VALUE'],
  ['useEma that is no boolean', () => adam({ useEma: 1 as never }), 'GS_OPTION_VALUE'],
  ['a momentum of means above 1', () => sgd({ useEma: true, emaMomentum: 1.1 }), 'GS_OPTION_VALUE'],
  ['overwriting every 0 steps', () => sgd({ useEma: true, emaOverwriteFrequency: 0 }), 'GS_OPTION_VALUE'],
  ['accumulation over one step', () => sgd({ gradientAccumulationSteps: 1 }), 'GS_OPTION_VALUE'],
  ['accumulation over half steps', () => sgd({ gradientAccumulationSteps: 2.5 }), 'GS_OPTION_VALUE'],
  ['a loss scale of 0', () => sgd({ lossScaleFactor: 0 }), 'GS_OPTION_VALUE'],
  ['a learning rate that is null', () => lion({ learningRate: null as never }), 'GS_OPTION_VALUE'],
  ['an empty name to exclude', () => sgd({ weightDecay: 1, excludeFromWeightDecay: [''] }), 'GS_OPTION_VALUE'],
  ['an option of another recipe', () => lion({ epsilon: 1 } as never), 'GS_OPTION_UNKNOWN'],
  ['correctEpsilon in Adam', () => adam({ correctEpsilon: true } as never), 'GS_OPTION_UNKNOWN'],
  ['the inner part null', () => lookahead(null as never), 'GS_OPTIMIZER_PART'],
  ['an inner part that is a factory', () => lossScale(adam as never), 'GS_OPTIMIZER_PART'],
  ['an accumulated name', () => accumulateGradients(2, 'adam' as never), 'GS_OPTIMIZER_PART'],
  ['steps of 0', () => lookahead(adam(), { steps: 0 }), 'GS_OPTION_VALUE'],
  ['an alpha of 2', () => lookahead(adam(), { alpha: 2 }), 'GS_OPTION_VALUE'],
  ['a scale of infinity', () => lossScale(adam(), { initialScale: Infinity }), 'GS_OPTION_VALUE'],
  ['growth every 0 steps', () => lossScale(adam(), { dynamicGrowthSteps: 0 }), 'GS_OPTION_VALUE'],
  ['a factor of NaN', () => scaleBy(NaN), 'GS_OPTION_VALUE'],
  ['a text for a schedule', () => scaleBySchedule('up' as never), 'GS_OPTIMIZER_SCHEDULE'],
  ['decay without a rate', () => withDecayedWeights(chain(), 0.1, {} as never), 'GS_OPTION_VALUE'],
  ['means of calls of 0', () => averageWeights({ callsPerStep: 0 }), 'GS_OPTION_VALUE'],
  ['a growing decay of Adafactor', () => adafactor({ beta2Decay: 0.8 }), 'GS_OPTION_VALUE'],
  ['relative_step of Adafactor', () => adafactor({ relativeStep: false } as never), 'GS_OPTION_UNKNOWN'],
  ['a positive power of Ftrl', () => ftrl({ learningRatePower: 0.5 }), 'GS_OPTION_VALUE'],
  ['a negative penalty of Ftrl', () => followRegularizedLeader(1, { l1RegularizationStrength: -1 }), 'GS_OPTION_VALUE'],
  ['a mean of 0 in schedule-free', () => scheduleFreeAdamW({ beta1: 0 }), 'GS_OPTION_VALUE'],
  ['a ratio of 0 in Muon', () => muon({ adamLrRatio: 0 }), 'GS_OPTION_VALUE'],
  ['layers by number', () => muon({ excludeLayers: [1] as never }), 'GS_OPTION_VALUE'],
  ['no Newton-Schulz steps', () => muon({ nsSteps: 0 }), 'GS_OPTION_VALUE'],
  ['a vector made orthogonal', () => orthogonalizeMomentum().init({ v: tf.ones([3]) }), 'GS_OPTIMIZER_WEIGHT'],
  ['a config of an unknown class', () => optimizer({ type: 'Adamm', config: {} }), 'GS_OPTIMIZER_UNKNOWN'],
  ['a config of a class of the prototype', () => optimizer({ type: 'toString', config: {} }), 'GS_OPTIMIZER_UNKNOWN'],
  ['an unknown argument', () => optimizer({ type: 'Adam', config: { beta3: 1 } }), 'GS_OPTION_UNKNOWN'],
  ['a bad schedule', () => optimizer({ type: 'Adam', config: { learningRate: {} } }), 'GS_OPTIMIZER_SCHEDULE'],
  ['a bad expression', () => optimizer({ type: 'Muon', config: { excludeLayers: ['('] } }), 'GS_OPTION_VALUE'],
  [
    'a wrapper without an inner one',
    () => optimizer({ type: 'LossScaleOptimizer', config: {} }),
    'GS_OPTIMIZER_UNKNOWN',
  ],
  ['groups without a map', () => optimizer({ type: 'MultiOptimizer', config: {} }), 'GS_OPTIMIZER_UNKNOWN'],
  [
    'groups with an unknown argument',
    () => optimizer({ type: 'MultiOptimizer', config: { x: 1 } }),
    'GS_OPTION_UNKNOWN',
  ],
];
it.each(bad)('refuses %s', (_, act, code) => {
  expect(() => tf.tidy(() => void act())).toThrow(expect.objectContaining({ code, next: expect.stringMatching(/.+/) }));
});
