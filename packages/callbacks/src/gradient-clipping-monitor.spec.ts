import type { TrainingCommand, TrainingEvent } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import { commandsTo, diagnosesTo, statistics } from '../fixtures/observations.js';
import { epochEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { gradientClippingMonitor } from './gradient-clipping-monitor.js';

const begin = trainBegin(['loss']);
/** A step whose two weights have gradients of norms 0.6 and 0.8 times some size, clipped to a limit of all together. */
const step = (size: number, index: number, limit = Number.POSITIVE_INFINITY): TrainingEvent[] => {
  const of = (total: number) => ({
    a: { norm: 0.6 * total, min: -0.1 * total, max: 0.2 * total },
    b: { norm: 0.8 * total, min: -0.5 * total, max: 0 },
  });
  return [
    statistics('gradients', 10 * index, of(size)),
    statistics('clippedGradients', 10 * index, of(Math.min(size, limit))),
  ];
};
const steps = (sizes: readonly number[], limit?: number): TrainingEvent[] =>
  sizes.flatMap((size, index) => step(size, index, limit));
const clippings = (commands: readonly TrainingCommand[]) =>
  commands.flatMap((command) => (command.type === 'setGradientClipping' ? [command.clipping] : []));

describe('gradientClippingMonitor', () => {
  it('clips from the start and tells norms before and after, the share, each weight, and a limit that would fit', async () => {
    const events = [begin, ...steps([1, 1, 1, 1, 5, 10], 4), epochEnd(0, { loss: 1 }), trainEnd()];
    const callback = gradientClippingMonitor({ threshold: 4, percentile: 50 });
    expect(clippings(await commandsTo(callback, events))).toEqual([{ by: 'globalNorm', threshold: 4 }]);
    const [report, ...more] = await diagnosesTo(callback, events);
    expect(more).toEqual([]);
    expect(report).toMatchObject({ name: 'gradientClipping', severity: 'info' });
    expect(report!.message).toBe(
      '33 % of 6 observed steps were clipped to 4.0000 by the norm of all gradients: the norm of all gradients was 1.0000 before and 1.0000 after (medians)',
    );
    const expected = {
      normBefore: 1,
      normAfter: 1,
      clippedShare: 1 / 3,
      observedSteps: 6,
      threshold: 4,
      suggestedThreshold: 1,
      'before a': 0.6,
      'after b': 0.8,
    };
    for (const [name, value] of Object.entries(expected)) expect(report!.evidence[name]).toBeCloseTo(value, 6);
  });

  it('suggests a limit where nothing is clipped', async () => {
    const events = [begin, ...steps([1, 2, 3, 4, 5]), epochEnd(0, { loss: 1 })];
    const commands = await commandsTo(gradientClippingMonitor({ percentile: 75 }), events);
    expect(clippings(commands)).toEqual([]);
    const [{ evidence, message }] = (await diagnosesTo(gradientClippingMonitor({ percentile: 75 }), events)) as [never];
    expect(evidence).toMatchObject({ clippedShare: 0 });
    expect(evidence).not.toHaveProperty('threshold');
    expect((evidence as { suggestedThreshold: number }).suggestedThreshold).toBeCloseTo(4);
    expect(message).toMatch(/^Nothing is clipped/);
  });

  it('warns where nearly all steps are clipped', async () => {
    const events = [begin, ...steps([9, 9, 9, 9, 9], 1), epochEnd(0, { loss: 1 })];
    expect(await diagnosesTo(gradientClippingMonitor({ threshold: 1 }), events)).toMatchObject([
      { severity: 'warning', remedy: expect.stringContaining('raise the limit') },
    ]);
  });

  it.each([
    ['value', 5, 10],
    ['norm', 8, 10],
    ['globalNorm', 10, 10],
  ] as const)('adapts a limit by %s to the percentile, and moves it only where it changes', async (by, limit, size) => {
    const events = [
      begin,
      ...steps([...Array.from({ length: 6 }, () => size), ...Array.from({ length: 20 }, () => 2 * size)]),
    ];
    const set = clippings(
      await commandsTo(gradientClippingMonitor({ by, threshold: 'adaptive', percentile: 50, window: 10 }), events),
    );
    expect(set[0]).toMatchObject({ by, threshold: expect.closeTo(limit, 6) });
    expect(set.at(-1)!.threshold).toBeCloseTo(2 * limit, 6);
    expect(set.length).toBeLessThan(5);
  });

  it('tells of epochs with few observed steps together, at the latest at the end', async () => {
    const few = [begin, ...steps([1, 1, 1]), epochEnd(0, { loss: 1 })];
    expect(await diagnosesTo(gradientClippingMonitor(), few)).toEqual([]);
    expect(
      await diagnosesTo(gradientClippingMonitor(), [...few, ...steps([1, 1, 1]), epochEnd(1, { loss: 1 }), trainEnd()]),
    ).toMatchObject([{ evidence: { observedSteps: 6 } }]);
    expect(await diagnosesTo(gradientClippingMonitor(), [...few, trainEnd()])).toMatchObject([
      { evidence: { observedSteps: 3 } },
    ]);
  });

  it('lets no number that is not finite set the limit', async () => {
    const events = [begin, ...steps([1, 1, 1, 1, Number.NaN, Number.POSITIVE_INFINITY, 1])];
    expect(clippings(await commandsTo(gradientClippingMonitor({ threshold: 'adaptive' }), events))).toEqual([
      { by: 'globalNorm', threshold: expect.closeTo(1, 6) },
    ]);
  });

  it('goes on with its limit from a checkpoint', async () => {
    const one = gradientClippingMonitor({ threshold: 'adaptive' });
    await commandsTo(one, [begin, ...steps([2, 2, 2, 2, 2])]);
    const other = gradientClippingMonitor({ threshold: 'adaptive' });
    other.restore!(JSON.parse(JSON.stringify(one.state!())) as never);
    expect(clippings(await commandsTo(other, [begin]))).toEqual([
      { by: 'globalNorm', threshold: expect.closeTo(2, 6) },
    ]);
    for (const state of [null, {}, { measures: ['1'], threshold: 1 }, { measures: [1], threshold: 'x' }])
      expect(() => other.restore!(state as never)).toThrow(/GS_CALLBACK_STATE/);
  });

  it.each([
    { threshold: 0 },
    { threshold: 'auto' },
    { percentile: 0 },
    { percentile: 100 },
    { window: 1 },
    { by: 'norms' },
    { every: 0 },
    { limit: 1 },
  ])('refuses %o', (options) => {
    expect(() => gradientClippingMonitor(options as never)).toThrow(/GS_OPTION/);
  });
});
