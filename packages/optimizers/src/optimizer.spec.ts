import { registerGradients, valueAndGradients } from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  adamW,
  addDecayedWeights,
  accumulateMomentum,
  optimizer,
  rmsprop,
  scaleByAdam,
  scaleByLearningRate,
  scaleByRms,
  sgd,
} from './index.js';
import { constant, exponentialDecay } from './schedules/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

describe('optimizer', () => {
  it.each(['sgd', 'rmsprop', 'adam', 'adamW', 'adamw', 'AdamW', 'scheduleFreeAdamW', 'Lamb'])(
    'finds %s by name',
    (name) => {
      expect(optimizer(name)).toEqual({
        apply: expect.any(Function),
        init: expect.any(Function),
        update: expect.any(Function),
        updateScaled: expect.any(Function),
        config: { type: expect.stringMatching(new RegExp(`^${name}$`, 'i')), config: expect.any(Object) },
      });
    },
  );

  it('gives a transformation back as it is', () => {
    const own = { init: () => ({}), update: (updates: never, state: never) => ({ updates, state }) };
    expect(optimizer(own)).toBe(own);
  });

  const unknown: [unknown, RegExp][] = [
    ['adm', /Did you mean "adam"/],
    ['momentum', /sgd, rmsprop, adam/],
    ['constructor', /sgd, rmsprop, adam/],
    [adam, /Call it/],
    [undefined, /undefined/],
    [null, /null/],
    [tf.train.adam(), /AdamOptimizer/],
    [{}, /init\(params\)/],
  ];
  it.each(unknown)('refuses %o', (given, message) => {
    expect(() => optimizer(given as never)).toThrow(
      expect.objectContaining({ code: 'GS_OPTIMIZER_UNKNOWN', message: expect.stringMatching(message) }),
    );
  });

  const badOptions: [string, () => unknown, string][] = [
    ['a misspelt option', () => adam({ learningrate: 0.1 } as never), 'GS_OPTION_UNKNOWN'],
    ['a number for options', () => adam(0.1 as never), 'GS_OPTION_TYPE'],
    ['Keras names', () => adam({ beta_1: 0.9 } as never), 'GS_OPTION_UNKNOWN'],
    ['a negative learning rate', () => sgd({ learningRate: -0.1 }), 'GS_OPTION_VALUE'],
    ['NaN for a learning rate', () => scaleByLearningRate(NaN), 'GS_OPTION_VALUE'],
    ['a text for a learning rate', () => rmsprop({ learningRate: '0.1' as never }), 'GS_OPTION_VALUE'],
    ['beta1 of 1', () => adam({ beta1: 1 }), 'GS_OPTION_VALUE'],
    ['a negative beta2', () => scaleByAdam({ beta2: -0.1 }), 'GS_OPTION_VALUE'],
    ['epsilon 0', () => adamW({ epsilon: 0 }), 'GS_OPTION_VALUE'],
    ['amsgrad that is no boolean', () => adam({ amsgrad: 1 as never }), 'GS_OPTION_VALUE'],
    ['rho of 1', () => scaleByRms({ rho: 1 }), 'GS_OPTION_VALUE'],
    ['centered that is no boolean', () => rmsprop({ centered: 'yes' as never }), 'GS_OPTION_VALUE'],
    ['a momentum above 1', () => sgd({ momentum: 1.1 }), 'GS_OPTION_VALUE'],
    ['a missing momentum', () => accumulateMomentum(undefined as never), 'GS_OPTION_VALUE'],
    ['nesterov without momentum', () => sgd({ nesterov: true }), 'GS_OPTION_VALUE'],
    ['two clippings', () => adam({ clipNorm: 1, globalClipNorm: 1 }), 'GS_OPTIMIZER_CLIPPING'],
    ['a negative decay', () => sgd({ weightDecay: -1 }), 'GS_OPTION_VALUE'],
    ['an exclude that is a text', () => addDecayedWeights(0.1, { exclude: 'bias' as never }), 'GS_OPTION_VALUE'],
    ['an exclude with a number', () => addDecayedWeights(0.1, { exclude: ['a', 1] as never }), 'GS_OPTION_VALUE'],
    [
      'a schedule without a rate',
      () => exponentialDecay({ decaySteps: 1, decayRate: 0.5 } as never),
      'GS_OPTION_VALUE',
    ],
    ['a schedule without options', () => exponentialDecay(undefined as never), 'GS_OPTION_VALUE'],
    [
      'a schedule with 0 steps',
      () => exponentialDecay({ initialLearningRate: 1, decaySteps: 0, decayRate: 0.5 }),
      'GS_OPTION_VALUE',
    ],
    ['a constant that is infinite', () => constant(Infinity), 'GS_OPTION_VALUE'],
  ];
  it.each(badOptions)('refuses %s', (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ code, next: expect.stringMatching(/.+/) }));
  });

  it.each(['sgd', 'rmsprop', 'adam', 'adamW'] as const)('%s finds the bottom of a valley', (name) => {
    const recipe = {
      sgd: sgd({ learningRate: 0.05, momentum: 0.8 }),
      rmsprop: rmsprop({ learningRate: 0.02 }),
      adam: adam({ learningRate: 0.1 }),
      adamW: adamW({ learningRate: 0.1, weightDecay: 1e-4 }),
    }[name];
    const weights = { x: tf.variable(tf.scalar(-2)), y: tf.variable(tf.scalar(3)) };
    let state = recipe.init(weights);
    for (let step = 0; step < 300; step++) {
      state = tf.tidy(() => {
        const { gradients } = valueAndGradients(
          () => tf.add(tf.square(tf.sub(weights.x, 1)), tf.mul(5, tf.square(weights.y))) as tf.Scalar,
          weights,
        );
        const result = recipe.update(gradients, state, weights);
        for (const [path, update] of Object.entries(result.updates))
          weights[path as 'x'].assign(tf.add(weights[path as 'x'], update) as tf.Scalar);
        return result.state;
      });
    }
    expect(weights.x.dataSync()[0]).toBeCloseTo(1, 1);
    expect(weights.y.dataSync()[0]).toBeCloseTo(0, 1);
  });
});
