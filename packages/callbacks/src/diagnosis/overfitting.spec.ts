import { describe, expect, it } from 'vitest';
import { diagnosesTo } from '../../fixtures/observations.js';
import { epochEnd } from '../../fixtures/training-events.js';
import { overfitting } from './overfitting.js';

const epochs = (...pairs: (readonly [loss: number, validation?: number])[]) =>
  pairs.map(([loss, validation], epoch) =>
    epochEnd(epoch, validation === undefined ? { loss } : { loss, val_loss: validation }),
  );

describe('overfitting', () => {
  it('finds a validation loss that rises while the training loss falls, once', async () => {
    const found = await diagnosesTo(
      overfitting(),
      epochs([1, 1], [0.6, 0.5], [0.5, 0.52], [0.4, 0.6], [0.3, 0.7], [0.2, 0.8]),
    );
    expect(found).toMatchObject([
      { name: 'overfitting', evidence: { bestEpoch: 1, best: 0.5, val_loss: 0.7, loss: 0.3, gap: 0.7 - 0.3 } },
    ]);
    expect(found[0]!.remedy).toMatch(/earlyStopping.*more data.*dropout.*smaller/);
  });

  it.each([
    ['no validation', epochs([1], [0.9], [0.5], [0.1])],
    ['both falling', epochs([1, 1], [0.8, 0.9], [0.6, 0.8], [0.4, 0.7], [0.2, 0.6])],
    ['both rising', epochs([0.5, 0.5], [0.6, 0.6], [0.7, 0.7], [0.8, 0.8], [0.9, 0.9])],
    ['a small rise', epochs([1, 0.5], [0.9, 0.51], [0.8, 0.52], [0.7, 0.52], [0.6, 0.53])],
    ['numbers that are not finite', epochs([1, 0.5], [0.9, Number.NaN], [Number.NaN, 9])],
  ] as const)('says nothing of %s', async (_, events) => {
    expect(await diagnosesTo(overfitting(), events)).toEqual([]);
  });

  it.each([{ patience: 0 }, { rise: -1 }, { monitor: 'x' }])('refuses %o', (options) => {
    expect(() => overfitting(options as never)).toThrow(/GS_OPTION/);
  });
});
