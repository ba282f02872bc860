import { describe, expect, it } from 'vitest';
import { diagnosesTo, modelOf, statistics } from '../../fixtures/observations.js';
import { trainBegin } from '../../fixtures/training-events.js';
import { suspiciousLabels } from './suspicious-labels.js';

const begin = (activation: string | null, loss?: string) =>
  trainBegin(['loss'], { model: modelOf({ a: 'relu', b: activation }, loss) });
const labels = (min: number, max: number, constantFraction?: number) =>
  statistics('targets', 0, { out: { min, max, ...(constantFraction === undefined ? {} : { constantFraction }) } });

describe('suspiciousLabels', () => {
  it('finds labels that are all the same at the end of a window, once', async () => {
    const found = await diagnosesTo(suspiciousLabels(), [begin(null), labels(1, 1), labels(1, 1, 1), labels(1, 1, 1)]);
    expect(found).toMatchObject([
      {
        name: 'constantLabels',
        message: expect.stringContaining('"out" are the same, 1.0000,'),
        evidence: { min: 1, max: 1 },
      },
    ]);
    // One class alone, as rows with a one in its place.
    expect(await diagnosesTo(suspiciousLabels(), [begin('softmax'), labels(0, 1, 1)])).toHaveLength(1);
  });

  it.each([
    ['sigmoid', 0, 2],
    ['tanh', -3, 0],
    ['relu', -1, 5],
    ['relu6', 0, 7],
    ['softmax', 0, 9],
  ])('finds labels that %s cannot reach, once', async (activation, min, max) => {
    const found = await diagnosesTo(suspiciousLabels(), [
      begin(activation),
      labels(0, 0.5),
      labels(min, max),
      labels(min, max),
    ]);
    expect(found).toMatchObject([
      { name: 'labelsOutOfRange', message: expect.stringContaining(activation), evidence: { min, max } },
    ]);
  });

  it.each([
    ['labels in range', [begin('sigmoid'), labels(0, 1, 0)]],
    ['any labels of a linear output', [begin(null), labels(-1e6, 1e6, 0)]],
    ['classes', [begin('softmax', 'sparseCategoricalCrossentropy'), labels(0, 9, 0)]],
    [
      'an output without a loss',
      [
        trainBegin([], { model: { ...modelOf({ a: 'sigmoid' }), outputs: [{ name: 'out', layer: 'a', loss: null }] } }),
        labels(0, 9),
      ],
    ],
    ['columns of which one is constant', [begin(null), labels(0, 1, 0.5)]],
  ] as const)('says nothing of %s', async (_, events) => {
    expect(await diagnosesTo(suspiciousLabels(), events)).toEqual([]);
  });

  it.each([{ every: 0 }, { window: 0 }, { range: 1 }])('refuses %o', (options) => {
    expect(() => suspiciousLabels(options as never)).toThrow(/GS_OPTION/);
  });
});
