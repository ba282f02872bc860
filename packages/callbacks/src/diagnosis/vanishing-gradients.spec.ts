import { describe, expect, it } from 'vitest';
import { diagnosesTo, modelOf, statistics } from '../../fixtures/observations.js';
import { trainBegin } from '../../fixtures/training-events.js';
import { vanishingGradients } from './vanishing-gradients.js';

const begin = trainBegin(['loss'], { model: modelOf({ a: 'sigmoid', b: 'sigmoid', c: 'relu', d: null }) });
const names = ['a', 'b', 'c', 'd'];
const observed = (kind: 'gradients' | 'updates' | 'weights', step: number, norms: readonly number[]) =>
  statistics(
    kind,
    step,
    Object.fromEntries(names.map((name, index) => [`${name}/kernel`, { norm: norms[index]!, size: 16 }])),
  );
const lost = [1e-6, 1e-4, 1e-2, 1];
const fine = [0.1, 0.2, 0.3, 1];
const steps = (count: number, norms: readonly number[], first = 0) =>
  Array.from({ length: count }, (_, index) => observed('gradients', 10 * (first + index), norms));

describe('vanishingGradients', () => {
  it('compares the first layers with the last ones over a window, and tells once', async () => {
    const moves = [observed('updates', 0, [1e-7, 0, 0, 0.1]), observed('weights', 0, [1, 1, 1, 1])];
    const found = await diagnosesTo(vanishingGradients(), [begin, ...moves, ...steps(8, lost)]);
    expect(found).toHaveLength(1);
    const [{ name, severity, message, evidence, remedy }] = found as [(typeof found)[0]];
    expect([name, severity]).toEqual(['vanishingGradients', 'warning']);
    expect(message).toContain('from "a" on, are 1.0000e-6 times those of the last, up to "d"');
    expect(evidence['ratio']).toBeCloseTo(1e-6, 10);
    expect(evidence).toMatchObject({
      earlyUpdateToWeight: 1e-7,
      lateUpdateToWeight: 0.1,
      lateGradient: 0.25,
      'gradient d/kernel': 0.25,
    });
    expect(remedy).toMatch(/relu in place of sigmoid .*heNormal.*batchNormalization.*residual/);
  });

  it('tells again when it came back', async () => {
    const found = await diagnosesTo(vanishingGradients(), [
      begin,
      ...steps(5, lost),
      ...steps(5, fine, 5),
      ...steps(5, lost, 10),
    ]);
    expect(found).toHaveLength(2);
  });

  it.each([
    ['gradients of a like size', steps(9, fine)],
    ['too few observations', steps(4, lost)],
    ['gradients that are exactly 0, behind dead units', steps(9, [0, 0, 0, 1])],
    ['numbers that are not finite', steps(9, [1e-9, Number.NaN, 1, 1])],
    [
      'observations that others asked for',
      steps(9, lost).map((event, index) => ({ ...event, globalStep: 10 * index + 3 })),
    ],
  ] as const)('says nothing of %s', async (_, events) => {
    expect(await diagnosesTo(vanishingGradients(), [begin, ...events])).toEqual([]);
  });

  it('says nothing of two layers, and speaks of kernels where no sigmoid is', async () => {
    const two = trainBegin(['loss'], { model: modelOf({ a: 'sigmoid', d: null }) });
    expect(await diagnosesTo(vanishingGradients(), [two, ...steps(9, lost)])).toEqual([]);
    const relus = trainBegin(['loss'], { model: modelOf({ a: 'relu', b: 'relu', c: 'relu', d: null }) });
    const [found] = await diagnosesTo(vanishingGradients({ every: 5, window: 2, ratio: 0.01 }), [
      relus,
      ...steps(9, lost),
    ]);
    expect(found!.remedy).toMatch(/^Draw the kernels larger/);
  });

  it.each([{ every: 0 }, { window: 1.5 }, { ratio: 0 }, { ratio: 1 }, { patience: 1 }])('refuses %o', (options) => {
    expect(() => vanishingGradients(options as never)).toThrow(/GS_OPTION/);
  });
});
