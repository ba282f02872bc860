import type { NonFinite } from '@gradstream/core';
import { expect, it } from 'vitest';
import { commandsTo } from '../../fixtures/observations.js';
import { nonFiniteValues } from './non-finite-values.js';

it.each([
  ['inputs', 'x', 'the input "x" of a batch', 'missing or broken values'],
  ['targets', 'y', 'the targets "y" of a batch', 'broken targets'],
  ['activations', 'log', 'the output of the layer "log", whose inputs were still finite', 'logarithm'],
  ['loss', 'loss', 'the loss, where', 'from logits'],
  ['gradients', 'a/kernel', 'the gradient of "a/kernel"', 'no finite slope'],
] as const)('says of %s where the numbers came from and what to do', async (kind, name, what, remedy) => {
  const event: NonFinite = { type: 'nonFinite', kind, name, epoch: 0, globalStep: 6, time: 0 };
  expect(await commandsTo(nonFiniteValues({ every: 3 }), [event])).toEqual([
    { type: 'observe', kind: 'nonFinite', every: 3 },
    {
      type: 'report',
      diagnosis: {
        name: 'nonFiniteValues',
        severity: 'error',
        message: expect.stringContaining(`came up at step 7 in ${what}`),
        evidence: { globalStep: 6 },
        remedy: expect.stringContaining(remedy),
      },
    },
  ]);
});

it('refuses options that there are not', () => {
  expect(() => nonFiniteValues({ every: 0 })).toThrow(/GS_OPTION_VALUE/);
  expect(() => nonFiniteValues({ window: 1 } as never)).toThrow(/GS_OPTION_UNKNOWN/);
});
