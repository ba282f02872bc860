import type { Json, TrainingCommand } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play, player, playResumed } from '../fixtures/play.js';
import golden from '../fixtures/reduce-learning-rate.json' with { type: 'json' };
import { epochEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import {
  reduceLearningRateOnPlateau,
  type ReduceLearningRateOnPlateauOptions,
} from './reduce-learning-rate-on-plateau.js';

const NAMES = ['loss', 'val_loss'];
const values = (...given: (number | undefined)[]) => [
  trainBegin(NAMES),
  ...given.map((value, epoch) => epochEnd(epoch, value === undefined ? {} : { val_loss: value })),
];

describe('reduceLearningRateOnPlateau', () => {
  it('scales the rate after the patience, and says so', () => {
    const report: TrainingCommand = {
      type: 'report',
      diagnosis: {
        name: 'learningRateReduced',
        severity: 'info',
        message: 'val_loss has not improved on 0.5000 for 2 epochs: the learning rate goes from 0.0010 to 5.0000e-4',
        evidence: { from: 0.001, to: 0.0005, best: 0.5 },
        remedy: 'Nothing is to be done.',
      },
    };
    expectMarbles(reduceLearningRateOnPlateau({ patience: 2, factor: 0.5, minLearningRate: 0.0001 }), {
      events: 'b0-1-2---e|',
      given: {
        b: trainBegin(NAMES),
        0: epochEnd(0, { val_loss: 0.5 }),
        1: epochEnd(1, { val_loss: 0.6 }),
        2: epochEnd(2, { val_loss: 0.5 }),
        e: trainEnd(),
      },
      commands: '-----(sr)-|',
      expected: { s: { type: 'scaleLearningRate', factor: 0.5, min: 0.0001 }, r: report },
    });
  });

  it(`sets the rates of Keras ${golden.keras}, and counts as it does, in 160 trainings`, () => {
    for (const { options, values: given, rates, state } of golden.cases) {
      const callback = reduceLearningRateOnPlateau({
        ...(options as ReduceLearningRateOnPlateauOptions),
        monitor: 'val_loss',
      });
      const feed = player(callback);
      feed(trainBegin(NAMES));
      let rate = 0.5;
      const seen = given.map((value, epoch) => {
        const logs = value === null ? {} : { val_loss: value };
        for (const command of feed(epochEnd(epoch, logs, { learningRate: rate })))
          if (command.type === 'scaleLearningRate') rate = Math.fround(Math.max(rate * command.factor, command.min!));
        return rate;
      });
      expect({ options, given, seen, state: callback.state!() }).toEqual({ options, given, seen: rates, state });
    }
  });

  it('does not reduce a rate that is at its bound, and lets the command fail where there is no rate', () => {
    const events = [trainBegin(NAMES), ...[1, 1, 1].map((v, e) => epochEnd(e, { val_loss: v }, { learningRate: 0.1 }))];
    expect(play(reduceLearningRateOnPlateau({ patience: 1, minLearningRate: 0.2 }), events).flat()).toEqual([]);
    const without = [1, 1].map((v, e) => epochEnd(e, { val_loss: v }, { learningRate: null }));
    expect(play(reduceLearningRateOnPlateau({ patience: 1 }), [events[0]!, ...without]).flat()).toEqual([
      { type: 'scaleLearningRate', factor: 0.1, min: 0 },
    ]);
  });

  it('begins afresh with each training, and goes on where a checkpoint left off', () => {
    const events = values(1, 2, undefined, 2, 2, NaN, 2, 0.5, 2, 2);
    const make = () => reduceLearningRateOnPlateau({ patience: 2, cooldown: 1 });
    const whole = play(make(), events);
    expect(whole.filter(({ length }) => length > 0).length).toBe(3);
    for (let middle = 1; middle < events.length; middle++)
      expect(playResumed(make, events, middle)).toEqual(whole.slice(middle));
    const twice = make();
    play(twice, events);
    expect(play(twice, events)).toEqual(whole);
  });

  it('ends the run where the metric will never come', () => {
    expectMarbles(reduceLearningRateOnPlateau(), {
      events: 'b',
      given: { b: trainBegin(['loss']) },
      commands: '#',
      error: 'GS_CALLBACK_MONITOR',
    });
  });

  it.each([
    [{ factr: 0.1 }, 'GS_OPTION_UNKNOWN'],
    [{ factor: 1 }, 'GS_OPTION_VALUE'],
    [{ factor: 0 }, 'GS_OPTION_VALUE'],
    [{ factor: NaN }, 'GS_OPTION_VALUE'],
    [{ patience: 1.5 }, 'GS_OPTION_VALUE'],
    [{ cooldown: -1 }, 'GS_OPTION_VALUE'],
    [{ minDelta: -1 }, 'GS_OPTION_VALUE'],
    [{ minLearningRate: Infinity }, 'GS_OPTION_VALUE'],
    [{ monitor: '' }, 'GS_OPTION_VALUE'],
    [{ monitor: 'quality' }, 'GS_CALLBACK_MODE'],
    [{ mode: 'down' }, 'GS_OPTION_VALUE'],
    [7, 'GS_OPTION_TYPE'],
  ])('refuses the options %j with %s', (options, code) => {
    expect(() => reduceLearningRateOnPlateau(options as never)).toThrow(expect.objectContaining({ code }));
  });

  it.each([null, 'x', {}, { best: 'a', wait: 0, cooldown: 0 }, { best: null, wait: null, cooldown: 0 }])(
    'refuses the state %j',
    (state) => {
      expect(() => reduceLearningRateOnPlateau().restore!(state as Json)).toThrow(
        expect.objectContaining({ code: 'GS_CALLBACK_STATE' }),
      );
    },
  );
});
