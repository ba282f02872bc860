import { describe, expect, it } from 'vitest';
import { diagnosesTo } from '../../fixtures/observations.js';
import { epochEnd } from '../../fixtures/training-events.js';
import { plateau } from './plateau.js';

const epochs = (...losses: number[]) => losses.map((loss, epoch) => epochEnd(epoch, { loss }));

describe('plateau', () => {
  it('warns of a network that is stuck near where it began, once', async () => {
    const found = await diagnosesTo(plateau({ patience: 3 }), epochs(1, 0.9, 0.899, 0.9, 0.898, 0.9, 0.9, 0.9));
    expect(found).toMatchObject([
      { name: 'plateau', severity: 'warning', evidence: { loss: 0.898, best: 0.9, first: 1, epochs: 3 } },
    ]);
    expect(found[0]!.message).toMatch(/not come down by 1 % for 3 epochs: it is at 0.9000, and it began at 1.0000/);
  });

  it('informs of one that learned, and again after it went on', async () => {
    const found = await diagnosesTo(
      plateau({ patience: 2 }),
      epochs(1, 0.2, 0.2, 0.2, 0.19, 0.19, 0.19, 0.1, 0.1, 0.1),
    );
    expect(found.map(({ severity, evidence }) => [severity, evidence['best']])).toEqual([
      ['info', 0.2],
      ['info', 0.1],
    ]);
  });

  it('says nothing of a loss that falls, is 0 or below, or is no number', async () => {
    expect(await diagnosesTo(plateau({ patience: 2 }), epochs(1, 0.9, 0.8, 0.7, 0.6, 0.5))).toEqual([]);
    expect(await diagnosesTo(plateau({ patience: 2 }), epochs(1, 0, 0, 0, 0))).toEqual([]);
    expect(await diagnosesTo(plateau({ patience: 2 }), epochs(-1, -1, -1, -1))).toEqual([]);
    expect(await diagnosesTo(plateau({ patience: 2 }), epochs(1, Number.NaN, Number.NaN, Number.NaN))).toEqual([]);
  });

  it.each([{ patience: 0 }, { minDelta: -1 }, { monitor: 'x' }])('refuses %o', (options) => {
    expect(() => plateau(options as never)).toThrow(/GS_OPTION/);
  });
});
