import type { TrainingCommand } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play, playResumed } from '../fixtures/play.js';
import restarts from '../fixtures/warm-restarts.json' with { type: 'json' };
import { epochBegin, epochEnd, stepEnd, trainBegin } from '../fixtures/training-events.js';
import { learningRateScheduler } from './learning-rate-scheduler.js';
import { warmRestarts } from './warm-restarts.js';

const set = (value: number): TrainingCommand => ({ type: 'setLearningRate', value });
const given = {
  b: trainBegin(['loss']),
  0: epochBegin(0, 0, 0.5),
  1: epochBegin(1, 0, 0.25),
  n: epochBegin(2, 0, null),
  s: stepEnd(0, 8),
  t: stepEnd(0, 9),
  u: stepEnd(1, 0),
  E: epochEnd(0, { loss: 1 }),
};

describe('learningRateScheduler', () => {
  it('sets the rate before each epoch, by the epoch and the rate that there is', () => {
    expectMarbles(
      learningRateScheduler((epoch, rate) => 10 * epoch + rate / 2),
      { events: 'b0stE1u|', given, commands: '-x---y-|', expected: { x: set(0.25), y: set(10.125) } },
    );
  });

  it('sets it before each step, once, over the ends of epochs', () => {
    expectMarbles(
      learningRateScheduler((step, rate) => (step === 0 ? rate : 1 / step), { by: 'step' }),
      {
        events: 'b0stE1u|',
        given,
        commands: '-xyz--w|',
        expected: { x: set(0.5), y: set(1 / 9), z: set(1 / 10), w: set(1 / 11) },
      },
    );
  });

  it('hands a function of the rate what the optimizer says: a float32', () => {
    const seen: number[] = [];
    const callback = learningRateScheduler((_, rate) => (seen.push(rate), rate * 0.1), { by: 'step' });
    play(callback, [given.b, given[0], stepEnd(0, 0), stepEnd(0, 1)]);
    expect(seen).toEqual([0.5, Math.fround(0.05), Math.fround(Math.fround(0.05) * 0.1)]);
  });

  it.each(['epoch', 'step'] as const)('by %s goes on where a checkpoint left off, and sets nothing twice', (by) => {
    const events = [given.b, given[0], given.s, given.t, given.E, given[1], given.u];
    const make = () => learningRateScheduler((index, rate) => rate / (index + 1), { by });
    const whole = play(make(), events);
    // A run that goes on states the epoch that it is in once more, with the rate that the optimizer has.
    const rate = by === 'epoch' ? 0.5 : Math.fround(0.05);
    const again = { ...epochBegin(0, 0, rate), globalStep: 9 };
    expect(playResumed(make, [...events.slice(0, 3), again, ...events.slice(3)], 3)).toEqual([[], ...whole.slice(3)]);
  });

  it.each<[string, () => unknown, typeof given.n]>([
    ['no number', () => '0.1', given[0]],
    ['NaN', () => NaN, given[0]],
    ['a negative rate', () => -1, given[0]],
    ['nothing', () => undefined, given[0]],
    ['a rate for an optimizer that has none', () => 1, given.n],
  ])('fails where the function gives %s', (_, schedule, event) => {
    expectMarbles(learningRateScheduler(schedule as never), {
      events: 'be',
      given: { b: given.b, e: event },
      commands: '-#',
      error: 'GS_CALLBACK_RATE',
    });
  });

  it.each([
    [[0.1], 'GS_OPTION_VALUE'],
    [[() => 1, { by: 'batch' }], 'GS_OPTION_VALUE'],
    [[() => 1, { every: 1 }], 'GS_OPTION_UNKNOWN'],
  ])('refuses %j', (args, code) => {
    expect(() => learningRateScheduler(...(args as [never]))).toThrow(expect.objectContaining({ code }));
  });
});

describe('warmRestarts', () => {
  it.each(restarts.cases.map((one) => [JSON.stringify(one.options), one] as const))(
    'has the rates of Keras: %s',
    (_, { options, steps, rates }) => {
      const rate = warmRestarts(options);
      // Keras computes in float32, where a step right after a restart has few digits of its period.
      const bound = 2e-5 * Math.max(...rates);
      steps.forEach((step, index) =>
        expect(Math.abs(rate(step, 0) - rates[index]!), `step ${step}`).toBeLessThan(bound),
      );
    },
  );

  it.each([
    [{}, 'GS_OPTION_VALUE'],
    [undefined, 'GS_OPTION_VALUE'],
    [{ initialLearningRate: 0.1, firstDecay: 0 }, 'GS_OPTION_VALUE'],
    [{ initialLearningRate: -1, firstDecay: 5 }, 'GS_OPTION_VALUE'],
    [{ initialLearningRate: 0.1, firstDecay: 5, tMul: 0.5 }, 'GS_OPTION_VALUE'],
    [{ initialLearningRate: 0.1, firstDecay: 5, alpha: 2 }, 'GS_OPTION_VALUE'],
    [{ initialLearningRate: 0.1, firstDecaySteps: 5 }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j', (options, code) => {
    expect(() => warmRestarts(options as never)).toThrow(expect.objectContaining({ code }));
  });
});
