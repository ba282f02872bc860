import type { TrainingCommand, TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play, player } from '../fixtures/play.js';
import { stepEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { suggestedRate } from './internal/suggested-rate.js';
import { learningRateFinder, type LearningRateFinderOptions } from './learning-rate-finder.js';

const begin = trainBegin(['loss']);
const lossAt = (step: number, loss: number): TrainingEvent =>
  ({ ...stepEnd(0, step), loss }) as Extract<TrainingEvent, { type: 'stepEnd' }>;

/** Plays a training whose loss depends on the rate: falls fastest at 0.01, grows from 1 on. */
function search(options: LearningRateFinderOptions, lossOf: (rate: number) => number) {
  const callback = learningRateFinder(options);
  const feed = player(callback);
  let rate = 0;
  const all: TrainingCommand[] = [];
  const take = (commands: TrainingCommand[]): boolean => {
    all.push(...commands);
    for (const command of commands) if (command.type === 'setLearningRate') rate = command.value;
    return commands.some(({ type }) => type === 'stop');
  };
  take(feed(begin));
  for (let step = 0; step < 1000; step++) if (take(feed(lossAt(step, lossOf(rate))))) break;
  take(feed(trainEnd('callback')));
  return { callback, commands: all };
}
const curve = (rate: number): number => 2 - Math.tanh(2 * Math.log10(rate / 0.01)) + (rate > 1 ? rate ** 2 : 0);

describe('learningRateFinder', () => {
  it('keeps everything, walks through the rates, puts everything back and stops', () => {
    expectMarbles(learningRateFinder({ from: 0.25, to: 4, steps: 3, smoothing: 0, skipBegin: 0, skipEnd: 0 }), {
      events: 'b----xyz-----t|',
      given: { b: begin, x: lossAt(0, 3), y: lossAt(1, 1), z: lossAt(2, 1), t: trainEnd('callback') },
      commands: '(kof)gh(sprd)-|',
      expected: {
        k: { type: 'keepWeights', slot: 'before', optimizer: true },
        o: { type: 'observe', kind: 'loss', every: 1 },
        f: { type: 'setLearningRate', value: 0.25 },
        g: { type: 'setLearningRate', value: 1 },
        h: { type: 'setLearningRate', value: 4 },
        s: { type: 'stop', reason: 'all rates are tried' },
        p: { type: 'observe', kind: 'loss', every: 0 },
        r: { type: 'restoreWeights', slot: 'before' },
        d: {
          type: 'report',
          diagnosis: {
            name: 'learningRateFound',
            severity: 'info',
            message: 'The loss falls fastest at a learning rate of 0.2500',
            evidence: { learningRate: 0.25, steps: 3 },
            remedy: 'Train with this learning rate, or a somewhat lower one.',
          },
        },
      } as Record<string, TrainingCommand>,
    });
  });

  it('suggests where the loss falls fastest', () => {
    const { callback, commands } = search({ from: 1e-5, to: 10, steps: 121, smoothing: 0 }, curve);
    expect(Math.abs(Math.log10(callback.suggestion!) + 2)).toBeLessThan(0.1);
    expect(callback.rates.length).toBeLessThan(121);
    expect(callback.losses[0]).toBeCloseTo(3, 4);
    expect(commands.find(({ type }) => type === 'stop')).toEqual({ type: 'stop', reason: 'the loss has grown' });
    expect(commands.at(-1)).toMatchObject({ type: 'report', diagnosis: { name: 'learningRateFound' } });
    expect(callback.svg()).toContain('suggestion');
    expect(callback.text()).toContain('suggestion');
  });

  it('smooths as a running mean that is corrected for its start', () => {
    const { callback } = search({ steps: 4, smoothing: 0.5, stopFactor: 0 }, () => 1);
    expect(callback.smoothed).toEqual([1, 1, 1, 1]);
  });

  it('leaves the suggestion as the rate where asked', () => {
    const { callback, commands } = search({ from: 1e-5, to: 10, steps: 121, smoothing: 0, apply: true }, curve);
    const last = commands.slice(commands.findIndex(({ type }) => type === 'restoreWeights'));
    expect(last.slice(0, 2)).toEqual([
      { type: 'restoreWeights', slot: 'before' },
      { type: 'setLearningRate', value: callback.suggestion },
    ]);
  });

  it.each<[string, LearningRateFinderOptions, (rate: number) => number, string]>([
    ['a loss that is not finite', { steps: 30 }, (rate) => (rate > 0.01 ? NaN : 1), 'the loss is not finite any more'],
    ['the last rate', { steps: 12 }, () => 1, 'all rates are tried'],
    ['growth', { steps: 50, smoothing: 0 }, (rate) => (rate > 0.1 ? 9 : 1), 'the loss has grown'],
  ])('stops at %s, once', (_, options, lossOf, reason) => {
    const { commands } = search(options, lossOf);
    expect(commands.filter(({ type }) => type === 'stop')).toEqual([{ type: 'stop', reason }]);
    expect(commands.filter(({ type }) => type === 'restoreWeights')).toHaveLength(1);
  });

  it('does not stop at growth with a factor of 0, and grows by differences where asked', () => {
    const { callback } = search(
      { from: 1, to: 3, steps: 5, growth: 'linear', stopFactor: 0, smoothing: 0 },
      (r) => r ** 9,
    );
    expect(callback.rates).toEqual([1, 1.5, 2, 2.5, 3]);
  });

  it('puts everything back where training ends before the search', () => {
    const feed = player(learningRateFinder());
    feed(begin);
    feed(lossAt(0, 1));
    const types = feed(trainEnd()).map(({ type }) => type);
    expect(types).toEqual(['stop', 'observe', 'restoreWeights', 'report']);
    expect(feed(trainEnd())).toEqual([]);
  });

  it('draws into sinks', () => {
    const drawn: string[] = [];
    search({ steps: 20, svg: (svg) => drawn.push(svg), stream: (text) => drawn.push(text) }, curve);
    expect(drawn.map((text) => text.slice(0, 4))).toEqual(['Loss', '<svg']);
  });

  it('begins afresh with each training', () => {
    const callback = learningRateFinder({ steps: 3 });
    const events = [begin, lossAt(0, 1), lossAt(1, 1), lossAt(2, 1), trainEnd()];
    expect(play(callback, events)).toEqual(play(callback, events));
  });

  it.each([
    [{ from: 0 }, 'GS_OPTION_VALUE'],
    [{ from: 1, to: 1 }, 'GS_OPTION_VALUE'],
    [{ from: 2 }, 'GS_OPTION_VALUE'],
    [{ steps: 1 }, 'GS_OPTION_VALUE'],
    [{ growth: 'log' }, 'GS_OPTION_VALUE'],
    [{ smoothing: 1 }, 'GS_OPTION_VALUE'],
    [{ stopFactor: -1 }, 'GS_OPTION_VALUE'],
    [{ skipBegin: 0.5 }, 'GS_OPTION_VALUE'],
    [{ skipEnd: -1 }, 'GS_OPTION_VALUE'],
    [{ apply: 'yes' }, 'GS_OPTION_VALUE'],
    [{ svg: 5 }, 'GS_OPTION_VALUE'],
    [{ minLr: 1 }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => learningRateFinder(options as never)).toThrow(expect.objectContaining({ code }));
  });
});

describe('suggestedRate', () => {
  const rates = [1, 2, 3, 4, 5, 6];
  it.each<[readonly number[], number, number, number | null]>([
    [[6, 5, 1, 0, 0, 0], 0, 0, 2],
    [[6, 5, 1, 0, 0, 0], 3, 0, 4],
    [[9, 0, 0, 0, 0, -9], 1, 1, 2],
    [[6, NaN, 1, 0, 0, 0], 0, 0, 1],
    [[6], 0, 0, null],
    [[6, 5, 4], 2, 1, null],
    [[], 0, 0, null],
  ])('of %j without %d and %d is %j', (losses, skipBegin, skipEnd, rate) => {
    expect(suggestedRate(rates, losses, skipBegin, skipEnd)).toBe(rate);
  });
});
