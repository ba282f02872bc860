import type { TrainingEvent } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import { commandsTo, diagnosesTo, modelOf, statistics } from '../../fixtures/observations.js';
import { stepEnd, trainBegin } from '../../fixtures/training-events.js';
import { explodingGradients } from './exploding-gradients.js';

const begin = trainBegin(['loss'], { model: modelOf({ a: 'relu', b: null }) });
const norm = (value: number, step: number) => statistics('gradients', step, { 'a/kernel': { norm: value } });
const norms = (...values: number[]): TrainingEvent[] => [begin, ...values.map(norm)];
const losses = (...values: number[]): TrainingEvent[] => [
  begin,
  ...values.map((loss, step) => ({ ...stepEnd(0, step), loss }) as TrainingEvent),
];
const moves = (...ratios: number[]): TrainingEvent[] => [
  begin,
  ...ratios.flatMap((ratio, step) => [
    statistics('updates', step, { 'a/kernel': { norm: ratio }, 'a/bias': { norm: 9 } }),
    statistics('weights', step, { 'a/kernel': { norm: 1 }, 'a/bias': { norm: 1 } }),
  ]),
];

describe('explodingGradients', () => {
  it.each([
    ['norms ten times the usual, three in a row', norms(1, 1, 1, 15, 15, 15), /norm is 15.0000, where 1.0000 is usual/],
    ['one norm a hundred times the usual', norms(1, 1, 1, 150), /norm is 150/],
    ['a loss that jumps', losses(2, 2, 2, 1e4), /loss has jumped to/],
    ['updates as large as the weight', moves(0.9, 0.8, 0.7), /one update is 0.7000 times as large/],
    ['a norm that is no number after a high one', norms(1, 1, 1, 15, Number.NaN), /norm is NaN/],
    ['a loss that is no number after large updates', [...moves(0.9), ...losses(Number.NaN).slice(1)], /jumped to NaN/],
  ] as const)('finds %s', async (_, events, message) => {
    const found = await diagnosesTo(explodingGradients(), events);
    expect(found).toMatchObject([{ name: 'explodingGradients', message: expect.stringMatching(message) }]);
    expect(found[0]!.remedy).toMatch(/learning rate.*clip.*normalization.*l2/);
  });

  it.each([
    ['one high norm', norms(1, 1, 1, 15, 1, 15, 15, 1)],
    [
      'a high norm among low ones that was usual at first',
      norms(5, 5, 5, ...Array.from({ length: 40 }, () => 1e-3), 6, 6, 6, 6),
    ],
    ['large updates of a weight that began at 0', moves(1, 0.51, 0.3, 0.2)],
    ['a loss below 0', losses(-1, -1, -1, 20, 30)],
    ['numbers that are not finite out of nothing', norms(1, 1, 1, Number.NaN, Number.NaN)],
  ] as const)('says nothing of %s', async (_, events) => {
    expect(await diagnosesTo(explodingGradients(), events)).toEqual([]);
  });

  it('tells once of an explosion, with its evidence, and calls numbers that are not finite an error', async () => {
    const found = await diagnosesTo(explodingGradients(), [
      ...norms(1, 1, 1, 150, 1500),
      ...losses(2, 2, 2, 1e4).slice(1),
      ...moves(0.9, 0.9, 0.9).slice(1),
    ]);
    expect(found).toMatchObject([{ severity: 'warning', evidence: { norm: 150, usualNorm: 1 } }]);
    const [last] = await diagnosesTo(explodingGradients(), norms(1, 1, 1, 15, Number.POSITIVE_INFINITY));
    expect(last!.severity).toBe('error');
  });

  it('observes the first steps, of the loss some more, then fewer and fewer', async () => {
    const steps = Array.from({ length: 25 }, (_, step) => stepEnd(0, step));
    const every = (await commandsTo(explodingGradients({ every: 7 }), [begin, ...steps])).map((command) =>
      command.type === 'observe' ? `${command.kind} ${command.every}` : command.type,
    );
    expect(every.slice(0, 4)).toEqual(['loss 1', 'gradients 1', 'updates 1', 'weights 1']);
    expect(every.slice(4)).toEqual(['gradients 7', 'updates 7', 'weights 7', 'loss 7']);
    const many = Array.from({ length: 170 }, (_, step) => stepEnd(0, step));
    const asked = await commandsTo(explodingGradients(), [begin, ...many]);
    const weights = asked.flatMap((command) =>
      command.type === 'observe' && command.kind === 'weights' ? [command.every] : [],
    );
    expect(weights).toEqual([1, 10, 200]);
  });

  it.each([{ every: 0 }, { factor: 1 }, { updateToWeight: 0 }, { norm: 1 }])('refuses %o', (options) => {
    expect(() => explodingGradients(options as never)).toThrow(/GS_OPTION/);
  });
});
