import type { Hold, Json, TrainingCommand, TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play } from '../fixtures/play.js';
import { epochEnd, stepEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { lossCurves } from './loss-curves.js';

const NAMES = ['loss', 'accuracy', 'val_loss', 'val_accuracy'];
const step = (globalStep: number, loss?: number): TrainingEvent => {
  const event = stepEnd(0, globalStep % 10) as Extract<TrainingEvent, { type: 'stepEnd' }>;
  return { ...event, globalStep, ...(loss === undefined ? {} : { loss }) };
};
const validated = (globalStep: number, loss: number): TrainingEvent => ({
  type: 'validationEnd',
  epoch: 0,
  globalStep,
  logs: { loss, accuracy: 1 - loss },
  time: 0,
});
/** Training gets better throughout; validation is best after 30 steps. */
const overfit = [
  trainBegin(NAMES),
  ...[1, 2, 3, 4, 5, 6].flatMap((epoch) => [
    step(10 * epoch - 5, 1 / epoch),
    step(10 * epoch - 1, 0.9 / epoch),
    validated(10 * epoch, 0.5 + Math.abs(epoch - 3) / 10),
    epochEnd(epoch - 1, { loss: 1 / epoch, accuracy: 1 - 1 / epoch }),
  ]),
  trainEnd(),
];

describe('lossCurves', () => {
  it('asks for the loss of batches, draws after each epoch and at the end', () => {
    const given = {
      b: trainBegin(NAMES),
      s: step(9, 1),
      v: validated(10, 2),
      E: epochEnd(0, { loss: 1 }),
      t: trainEnd(),
    };
    const texts: string[] = [];
    const svg = async (): Promise<void> => {};
    expectMarbles(lossCurves({ every: 5, svg, stream: (text) => texts.push(text) }), {
      events: 'bsvEt|',
      given,
      commands: 'o--h-|',
      expected: {
        o: { type: 'observe', kind: 'loss', every: 5 },
        h: { type: 'hold', until: Promise.resolve() },
      } as Record<string, TrainingCommand>,
    });
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^loss over training\n\* training {3}o validation/);
    expectMarbles(lossCurves({ svg: () => {} }), {
      events: 'bsvEt|',
      given,
      commands: 'o----|',
      expected: { o: { type: 'observe', kind: 'loss', every: 10 } },
    });
  });

  it('has the curves over the steps that were done, and marks the point of overfitting', () => {
    const callback = lossCurves();
    play(callback, overfit);
    expect(callback.training.slice(0, 3)).toEqual([
      [6, 1],
      [10, 0.9],
      [16, 0.5],
    ]);
    expect(callback.validation.map(([x]) => x)).toEqual([10, 20, 30, 40, 50, 60]);
    expect(callback.overfitting).toEqual({ step: 30, value: 0.5 });
    expect(callback.svg()).toContain('overfitting from step 30: 0.5000');
    expect(callback.text({ columns: 50, rows: 8 })).toContain(': overfitting from step 30');
  });

  it('draws a metric by its epochs, that which is to rise too', () => {
    const callback = lossCurves({ metric: 'accuracy', scale: 'linear' });
    expect(play(callback, overfit).flat()).toEqual([]);
    expect(callback.training).toHaveLength(6);
    expect(callback.overfitting).toEqual({ step: 30, value: 0.5 });
  });

  it.each<[string, readonly number[], readonly number[]]>([
    ['validation still improves', [5, 4, 3, 2, 1], [5, 4, 3, 2, 1]],
    ['only one validation followed', [5, 4, 3], [2, 1, 3]],
    ['it is hardly worse', [5, 4, 3, 2, 1], [2, 1, 1.001, 1.002, 1.001]],
    ['training got worse too', [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]],
    ['nothing is finite', [1, 2, 3], [NaN, NaN, Infinity]],
  ])('marks nothing where %s', (_, training, validation) => {
    const callback = lossCurves();
    const events = training.flatMap((loss, index) => [step(index, loss), validated(index + 1, validation[index]!)]);
    play(callback, [trainBegin(NAMES), ...events]);
    expect(callback.overfitting).toBeNull();
  });

  it('keeps no more than some hundred points, whose means are those of all', () => {
    const callback = lossCurves();
    const losses = Array.from({ length: 5000 }, (_, index) => index % 7);
    play(callback, [trainBegin(NAMES), ...losses.map((loss, index) => step(index, loss))]);
    expect(callback.training.length).toBeGreaterThan(150);
    expect(callback.training.length).toBeLessThanOrEqual(400);
    const values = callback.training.map(([, loss]) => loss);
    expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(3, 1);
    expect(callback.training.at(-1)![0]).toBeGreaterThan(4900);
  });

  it.each([3, 7, 12])('goes on where a checkpoint left off, after %d events', (middle) => {
    const [whole, first, second] = [lossCurves(), lossCurves(), lossCurves()];
    play(whole, overfit);
    play(first, overfit.slice(0, middle));
    second.restore!(JSON.parse(JSON.stringify(first.state!())) as Json);
    play(second, [overfit[0]!, ...overfit.slice(middle)]);
    expect(second.svg()).toBe(whole.svg());
    play(whole, overfit);
    expect(whole.svg()).toBe(second.svg());
  });

  it('keeps a loss that is no number as a gap', () => {
    const callback = lossCurves();
    play(callback, [trainBegin(NAMES), step(0, 1), step(1, 2), step(2, NaN), step(3, 2), step(4, 1)]);
    expect(callback.svg().match(/<path[^>]*stroke="#0072b2" stroke-width="2" stroke-linejoin/g)).toHaveLength(2);
    const other = lossCurves();
    other.restore!(JSON.parse(JSON.stringify(callback.state!())) as Json);
    expect(other.svg()).toBe(callback.svg());
  });

  it('fails what training waits for where the picture cannot be written', async () => {
    const svg = (): Promise<never> => Promise.reject(new Error('full'));
    const [command] = play(lossCurves({ svg }), [epochEnd(0, { loss: 1 })])[0]!;
    await expect((command as Hold).until).rejects.toThrow('full');
  });

  it('refuses a metric that will never come', () => {
    expectMarbles(lossCurves({ metric: 'mae' }), {
      events: 'b',
      given: { b: trainBegin(NAMES) },
      commands: '#',
      error: 'GS_CALLBACK_MONITOR',
    });
  });

  it.each([
    [{ metric: '' }, 'GS_OPTION_VALUE'],
    [{ metric: 'quality' }, 'GS_CALLBACK_MODE'],
    [{ mode: 'up' }, 'GS_OPTION_VALUE'],
    [{ every: 0 }, 'GS_OPTION_VALUE'],
    [{ scale: 'square' }, 'GS_OPTION_VALUE'],
    [{ svg: 'loss.svg' }, 'GS_OPTION_VALUE'],
    [{ stream: process.stdout }, 'GS_OPTION_VALUE'],
    [{ path: 'loss.svg' }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %o with %s', (options, code) => {
    expect(() => lossCurves(options as never)).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    null,
    {},
    { training: { points: [], every: 1, waiting: [] } },
    { training: { points: [[1]], every: 1, waiting: [] }, validation: { points: [], every: 1, waiting: [] } },
    { training: { points: [], every: 0, waiting: [] }, validation: { points: [], every: 1, waiting: [] } },
  ])('refuses the state %j', (state) => {
    expect(() => lossCurves().restore!(state as Json)).toThrow(expect.objectContaining({ code: 'GS_CALLBACK_STATE' }));
  });
});
