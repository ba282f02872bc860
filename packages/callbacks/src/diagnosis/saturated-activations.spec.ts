import { describe, expect, it } from 'vitest';
import { diagnosesTo, modelOf, statistics } from '../../fixtures/observations.js';
import { trainBegin } from '../../fixtures/training-events.js';
import { saturatedActivations } from './saturated-activations.js';

const begin = trainBegin(['loss'], { model: modelOf({ a: 'tanh', b: 'sigmoid', c: 'relu', out: 'sigmoid' }) });
const level = (...shares: number[]) =>
  shares.map((share, step) =>
    statistics('activations', step, {
      a: { saturatedFraction: share },
      b: { saturatedFraction: share / 2 },
      c: {},
      out: { saturatedFraction: 1 },
    }),
  );

describe('saturatedActivations', () => {
  it('takes the median of a window and leaves outputs alone', async () => {
    const found = await diagnosesTo(saturatedActivations(), [begin, ...level(0.9, 0.2, 0.9, 0.9, 0.95, 0.9, 0.9)]);
    expect(found).toMatchObject([
      {
        name: 'saturatedActivations',
        message: 'Activations are saturated, where hardly a gradient gets through: 90 % of "a" (tanh)',
        evidence: { 'saturatedFraction a': 0.9, 'saturatedFraction b': 0.45 },
      },
    ]);
  });

  it('says nothing of a few, nor for a moment', async () => {
    expect(await diagnosesTo(saturatedActivations(), [begin, ...level(0.9, 0.9, 0.9, 0.9, 0.5).slice(0, 4)])).toEqual(
      [],
    );
    expect(await diagnosesTo(saturatedActivations({ window: 3 }), [begin, ...level(0.5, 0.9, 0.5, 0.5, 0.9)])).toEqual(
      [],
    );
  });

  it.each([{ every: 0 }, { window: 0 }, { fraction: 0 }, { share: 1 }])('refuses %o', (options) => {
    expect(() => saturatedActivations(options as never)).toThrow(/GS_OPTION/);
  });
});
