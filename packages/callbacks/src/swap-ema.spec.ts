import type { TrainingCommand } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play } from '../fixtures/play.js';
import { epochBegin, epochEnd, stepEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { swapEma } from './swap-ema.js';

const given = {
  b: trainBegin(['loss', 'val_loss']),
  e: epochBegin(0),
  s: stepEnd(0, 0),
  v: { type: 'validationBegin', epoch: 0, time: 0 } as const,
  w: { type: 'validationEnd', epoch: 0, globalStep: 1, logs: {}, time: 0 } as const,
  E: epochEnd(0, { loss: 1 }),
  t: trainEnd(),
  f: trainEnd('failed'),
};
/** `m`: the means go in, `o`: the weights that train come back, `k` a copy of these. */
const letters = (commands: readonly TrainingCommand[]): string =>
  commands
    .map((command) => {
      if (command.type === 'restoreWeights') return command.slot.endsWith('own') ? 'o' : 'm';
      return command.type === 'keepWeights' && command.from === 'averages' ? '' : 'k';
    })
    .join('');
const drawn = (events: string, swapOnEpoch = false): string =>
  play(
    swapEma({ swapOnEpoch }),
    [...events].map((letter) => given[letter as keyof typeof given]),
  )
    .map((commands) => letters(commands) || '-')
    .join(' ');

describe('swapEma', () => {
  it('puts the means in for a validation, and the weights back', () => {
    expectMarbles(swapEma(), {
      events: 'besv----wEt----|',
      given,
      commands: '---(kam)o-(kam)|',
      expected: {
        k: { type: 'keepWeights', slot: 'own' },
        a: { type: 'keepWeights', slot: 'means', from: 'averages' },
        m: { type: 'restoreWeights', slot: 'means' },
        o: { type: 'restoreWeights', slot: 'own' },
      },
    });
  });

  it.each([
    ['besvwEesvwEt', false, '- - - km o - - - km o - km'],
    ['besEesEt', false, '- - - - - - - km'],
    ['besvwEesvwEt', true, '- - - km o km o - km o km -'],
    ['besEesEt', true, '- - - km o - km -'],
    // A validation that was broken off has no end.
    ['besvEes', false, '- - - km o - -'],
    ['besvf', false, '- - - km o'],
    ['besf', true, '- - - -'],
    // Before the first step there are no means.
    ['bet', false, '- - -'],
  ])('%s, between epochs %j', (events, swapOnEpoch, commands) => {
    expect(drawn(events, swapOnEpoch)).toBe(commands);
  });

  it.each([
    [{ swapOnEpoch: 1 }, 'GS_OPTION_VALUE'],
    [{ swap_on_epoch: true }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => swapEma(options as never)).toThrow(expect.objectContaining({ code }));
  });
});
