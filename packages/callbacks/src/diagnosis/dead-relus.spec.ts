import { describe, expect, it } from 'vitest';
import { commandsTo, diagnosesTo, modelOf, statistics } from '../../fixtures/observations.js';
import { trainBegin } from '../../fixtures/training-events.js';
import { deadRelus } from './dead-relus.js';

const begin = trainBegin(['loss'], { model: modelOf({ a: 'relu', b: 'relu6', c: 'leakyRelu', d: null }) });
const dead = (a: number | undefined, b: number | undefined, c = 1) =>
  statistics(
    'activations',
    0,
    Object.fromEntries(
      Object.entries({ a, b, c, d: 1 }).map(([name, share]) => [
        name,
        share === undefined ? {} : { deadFraction: share },
      ]),
    ),
  );

describe('deadRelus', () => {
  it('tells of each layer once, and of layers that can die alone', async () => {
    const found = await diagnosesTo(deadRelus(), [begin, dead(0.2, 0.1), dead(0.8, 0.1), dead(0.9, 1), dead(0.9, 1)]);
    expect(found.map(({ message }) => message)).toEqual([
      'Units behind relu are dead, 0 on every sample: 80 % of "a"',
      'Units behind relu are dead, 0 on every sample: 100 % of "b"',
    ]);
    expect(found[1]!.evidence).toEqual({ 'deadFraction a': 0.9, 'deadFraction b': 1 });
    expect(found[0]!.remedy).toMatch(/lower learning rate.*leakyRelu\(\) or prelu\(\)/);
  });

  it('waits for the end of a window', async () => {
    expect(await diagnosesTo(deadRelus({ fraction: 0.1 }), [begin, dead(undefined, undefined)])).toEqual([]);
    expect(await commandsTo(deadRelus({ every: 3, window: 7 }), [])).toEqual([
      { type: 'observe', kind: 'activations', every: 3, window: 7 },
    ]);
  });

  it.each([{ every: 0 }, { window: 0 }, { fraction: 0 }, { fraction: 1.1 }, { share: 1 }])('refuses %o', (options) => {
    expect(() => deadRelus(options as never)).toThrow(/GS_OPTION/);
  });
});
