import type { Json, TrainingCommand, TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import golden from '../fixtures/averaging-rates.json' with { type: 'json' };
import { play, player } from '../fixtures/play.js';
import { epochBegin, epochEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { stochasticWeightAveraging, type StochasticWeightAveragingOptions } from './stochastic-weight-averaging.js';

const training = (epochs: number): TrainingEvent[] => [
  trainBegin(['loss'], { epochs }),
  ...Array.from({ length: epochs }, (_, epoch) => [epochBegin(epoch), epochEnd(epoch, { loss: 1 })]).flat(),
  trainEnd(),
];
const types = (options: StochasticWeightAveragingOptions, events: readonly TrainingEvent[]): string[] =>
  play(stochasticWeightAveraging(options), events)
    .flat()
    .map((command) => (command.type === 'keepWeights' ? `keep ${command.share}` : command.type));

describe('stochasticWeightAveraging', () => {
  it('takes the mean from the start on, and gives it to the model at the end', () => {
    expectMarbles(stochasticWeightAveraging({ startEpoch: 1 }), {
      events: 'b012t---|',
      given: { b: trainBegin(['loss']), 0: epochEnd(0, {}), 1: epochEnd(1, {}), 2: epochEnd(2, {}), t: trainEnd() },
      commands: '--xy(rs)|',
      expected: {
        x: { type: 'keepWeights', slot: 'mean', share: 1 },
        y: { type: 'keepWeights', slot: 'mean', share: 0.5 },
        r: { type: 'restoreWeights', slot: 'mean' },
        s: { type: 'refreshStatistics' },
      } as Record<string, TrainingCommand>,
    });
  });

  it.each<[StochasticWeightAveragingOptions, number, string[]]>([
    [{}, 10, ['keep 1', 'keep 0.5', 'restoreWeights', 'refreshStatistics']],
    [{ startEpoch: 0.5, refreshStatistics: false }, 3, ['keep 1', 'keep 0.5', 'restoreWeights']],
    [{ startEpoch: 0, refreshStatistics: false }, 2, ['keep 1', 'keep 0.5', 'restoreWeights']],
    [{ startEpoch: 5 }, 3, []],
  ])('%j in %d epochs', (options, epochs, commands) => {
    expect(types(options, training(epochs))).toEqual(commands);
  });

  it('leaves a training that failed alone', () => {
    expect(types({ startEpoch: 0 }, [...training(1).slice(0, -1), trainEnd('failed')])).toEqual(['keep 1']);
  });

  it(`has the learning rates of SWALR in PyTorch ${golden.torch}`, () => {
    for (const { annealing, annealingEpochs, from, learningRate, rates } of golden.cases) {
      const options = { startEpoch: 2, annealing: annealing as 'cos', annealingEpochs, learningRate };
      const feed = player(stochasticWeightAveraging(options));
      feed(trainBegin(['loss'], { epochs: 20 }));
      let rate = from;
      const seen = Array.from({ length: 2 + rates.length }, (_, epoch) => {
        for (const command of feed(epochBegin(epoch, 0, rate)))
          if (command.type === 'setLearningRate') rate = command.value;
        return rate;
      });
      expect(seen.slice(0, 2)).toEqual([from, from]);
      seen.slice(2).forEach((value, index) => expect(value).toBeCloseTo(rates[index]!, 12));
    }
  });

  it('after a resumption goes on annealing, and averages anew, and says so', () => {
    const options = { startEpoch: 1, learningRate: 0.1, annealingEpochs: 4 };
    const events = training(6);
    const [first, second] = [stochasticWeightAveraging(options), stochasticWeightAveraging(options)];
    const whole = play(first, events).flat();
    play(first, events.slice(0, 7));
    second.restore!(JSON.parse(JSON.stringify(first.state!())) as Json);
    const resumed = play(second, [events[0]!, ...events.slice(7)]).flat();
    expect(resumed[0]).toMatchObject({ type: 'report', diagnosis: { name: 'averageNotKept', evidence: { count: 2 } } });
    const rates = (commands: TrainingCommand[]) => commands.filter(({ type }) => type === 'setLearningRate');
    expect(rates(resumed)).toEqual(rates(whole).slice(-3));
    expect(resumed.filter(({ type }) => type === 'keepWeights')).toMatchObject([
      { share: 1 },
      { share: 0.5 },
      { share: 1 / 3 },
    ]);
  });

  it('refuses a share of nobody knows how many epochs', () => {
    expectMarbles(stochasticWeightAveraging(), {
      events: 'b',
      given: { b: trainBegin(['loss'], { epochs: Infinity }) },
      commands: '#',
      error: 'GS_OPTION_VALUE',
    });
    expect(play(stochasticWeightAveraging({ startEpoch: 3 }), [trainBegin(['loss'], { epochs: Infinity })])).toEqual([
      [],
    ]);
  });

  it.each([
    [{ startEpoch: 1.5 }, 'GS_OPTION_VALUE'],
    [{ startEpoch: -1 }, 'GS_OPTION_VALUE'],
    [{ learningRate: -1 }, 'GS_OPTION_VALUE'],
    [{ annealingEpochs: 0.5 }, 'GS_OPTION_VALUE'],
    [{ annealing: 'line' }, 'GS_OPTION_VALUE'],
    [{ refreshStatistics: 'yes' }, 'GS_OPTION_VALUE'],
    [{ swaLrs: 0.1 }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => stochasticWeightAveraging(options as never)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a state that is none', () => {
    expect(() => stochasticWeightAveraging().restore!({ count: null, from: 1 })).toThrow(
      expect.objectContaining({ code: 'GS_CALLBACK_STATE' }),
    );
  });
});
