import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { camelKeys } from '../../fixtures/keras-case.js';
import { checkJoined, checkOneCycle, checkSchedule, close, range, ratesOf } from '../../fixtures/schedule-cases.js';
import fixture from '../../fixtures/schedules.json' with { type: 'json' };
import { constant, cosineDecay, joinSchedules, oneCycle, schedule, warmUp, type Schedule } from './index.js';

describe.each(['cpu', 'wasm'])('learning rates on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(fixture.schedules.map((one) => [JSON.stringify({ type: one.type, ...one.arguments }), one] as const))(
    'of Keras: %s',
    (_, one) => checkSchedule(one),
  );

  it.each(fixture.oneCycle.map((one) => [JSON.stringify(one.arguments), one] as const))(
    'of PyTorch: OneCycleLR(%s)',
    (_, one) => checkOneCycle(one),
  );

  it('of joined schedules with a warm-up', () => checkJoined());

  it('of a warm-up before a cosine, as cosineDecay has it', () => {
    const after = warmUp(cosineDecay({ initialLearningRate: 0.2, decaySteps: 30, alpha: 0.1 }), 10, 0.05);
    const inside = cosineDecay({
      initialLearningRate: 0.05,
      decaySteps: 30,
      alpha: 0.1,
      warmupTarget: 0.2,
      warmupSteps: 10,
    });
    close(ratesOf(after, range(50)), ratesOf(inside, range(50)));
  });
});

describe('schedule', () => {
  it('makes the same schedule from a config', () => {
    const configs = [
      ...fixture.schedules.map(({ type, arguments: given }) => schedule({ type, config: camelKeys(given) as never })),
      constant(0.5),
      warmUp(cosineDecay({ initialLearningRate: 1, decaySteps: 10 }), 5, 0.5),
      joinSchedules([0.1, warmUp(0.2, 3)], [4]),
      oneCycle({ maxLearningRate: 1, totalSteps: 10 }),
    ];
    for (const one of configs) {
      const again = schedule(JSON.parse(JSON.stringify(one.config)) as never);
      expect(again.config).toEqual(one.config);
      expect(ratesOf(again, range(12))).toEqual(ratesOf(one, range(12)));
    }
  });

  it('gives a function back as it is, and has no config for what holds one', () => {
    const own: Schedule = (step) => tf.sqrt(step) as tf.Scalar;
    expect(schedule(own)).toBe(own);
    expect(warmUp(own, 5).config).toBeUndefined();
    expect(joinSchedules([own, 0.1], [5]).config).toBeUndefined();
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    for (const { type, arguments: given } of fixture.schedules)
      ratesOf(schedule({ type, config: camelKeys(given) as never }), [0, 7]);
    ratesOf(joinSchedules([warmUp(0.1, 5), oneCycle({ maxLearningRate: 1, totalSteps: 10 })], [5]), [0, 7]);
    expect(tf.memory().numTensors).toBe(before);
  });

  const cosine = { initialLearningRate: 0.1, decaySteps: 10 };
  const bad: [string, () => unknown, string][] = [
    ['an unknown class', () => schedule({ type: 'LinearDecay', config: {} }), 'GS_OPTIMIZER_SCHEDULE'],
    ['a class of the prototype', () => schedule({ type: 'constructor', config: {} }), 'GS_OPTIMIZER_SCHEDULE'],
    ['a number', () => schedule(0.1 as never), 'GS_OPTIMIZER_SCHEDULE'],
    ['null', () => schedule(null as never), 'GS_OPTIMIZER_SCHEDULE'],
    ['an unknown argument', () => schedule({ type: 'CosineDecay', config: { ...cosine, x: 1 } }), 'GS_OPTION_UNKNOWN'],
    ['a warm-up of nothing', () => warmUp('fast' as never, 5), 'GS_OPTIMIZER_SCHEDULE'],
    ['a warm-up without steps', () => warmUp(0.1, 0), 'GS_OPTION_VALUE'],
    ['a warm-up from below 0', () => warmUp(0.1, 5, -1), 'GS_OPTION_VALUE'],
    [
      'a config of a warm-up without schedule',
      () => schedule({ type: 'WarmUp', config: { steps: 1 } }),
      'GS_OPTIMIZER_SCHEDULE',
    ],
    ['no schedules', () => joinSchedules([], []), 'GS_OPTION_VALUE'],
    ['too few boundaries', () => joinSchedules([0.1, 0.2, 0.3], [5]), 'GS_OPTION_VALUE'],
    ['boundaries that go back', () => joinSchedules([0.1, 0.2, 0.3], [5, 5]), 'GS_OPTION_VALUE'],
    ['warm-up steps alone', () => cosineDecay({ ...cosine, warmupSteps: 5 }), 'GS_OPTION_VALUE'],
    ['an alpha above 1', () => cosineDecay({ ...cosine, alpha: 1.5 }), 'GS_OPTION_VALUE'],
    ['a cycle of one step', () => oneCycle({ maxLearningRate: 1, totalSteps: 1 }), 'GS_OPTION_VALUE'],
    ['a phase without steps', () => oneCycle({ maxLearningRate: 1, totalSteps: 10, pctStart: 0.1 }), 'GS_OPTION_VALUE'],
    [
      'three phases too long',
      () => oneCycle({ maxLearningRate: 1, totalSteps: 10, pctStart: 0.6, threePhase: true }),
      'GS_OPTION_VALUE',
    ],
    [
      'another way to anneal',
      () => oneCycle({ maxLearningRate: 1, totalSteps: 10, annealStrategy: 'sin' as never }),
      'GS_OPTION_VALUE',
    ],
    [
      'shrinking periods',
      () =>
        schedule({ type: 'CosineDecayRestarts', config: { initialLearningRate: 1, firstDecaySteps: 5, tMul: 0.5 } }),
      'GS_OPTION_VALUE',
    ],
    [
      'too few values',
      () => schedule({ type: 'PiecewiseConstantDecay', config: { boundaries: [1, 2], values: [1, 2] } }),
      'GS_OPTION_VALUE',
    ],
    [
      'values that are no numbers',
      () => schedule({ type: 'PiecewiseConstantDecay', config: { boundaries: [1], values: [1, '2'] } }),
      'GS_OPTION_VALUE',
    ],
    ['a power of 0', () => schedule({ type: 'PolynomialDecay', config: { ...cosine, power: 0 } }), 'GS_OPTION_VALUE'],
    ['no options', () => schedule({ type: 'InverseTimeDecay', config: {} }), 'GS_OPTION_VALUE'],
  ];
  it.each(bad)('refuses %s', (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ code, next: expect.stringMatching(/.+/) }));
  });
});
