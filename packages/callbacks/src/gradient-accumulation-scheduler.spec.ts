import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { epochBegin, stepEnd } from '../fixtures/training-events.js';
import { gradientAccumulationScheduler } from './gradient-accumulation-scheduler.js';

const given = Object.fromEntries([0, 1, 2, 3, 4, 5].map((epoch) => [String(epoch), epochBegin(epoch)]));
const expected = Object.fromEntries(
  [1, 2, 8].map((steps) => [String(steps), { type: 'setGradientAccumulation', steps } as const]),
);

describe('gradientAccumulationScheduler', () => {
  it.each([
    [{ 1: 2, 4: 8 }, '012345', '12--8-'],
    [{ 4: 8, 0: 2 }, '012345', '2---8-'],
    [{ 0: 8 }, '01', '8-'],
    // A training that starts later has what is due there.
    [{ 1: 2, 4: 1 }, '35', '21'],
  ])('says %j by epoch', (scheduling, events, commands) => {
    expectMarbles(gradientAccumulationScheduler(scheduling), { events, given, commands, expected });
  });

  it('does nothing else', () => {
    expectMarbles(gradientAccumulationScheduler({ 0: 2 }), { events: 's', given: { s: stepEnd(0, 0) }, commands: '-' });
  });

  it.each([[{}], [null], [4], [{ 0: 0 }], [{ 0: 1.5 }], [{ 0: '2' }], [{ a: 2 }], [{ '-1': 2 }], [{ 1.5: 2 }]])(
    'refuses %j',
    (scheduling) => {
      expect(() => gradientAccumulationScheduler(scheduling as never)).toThrow(
        expect.objectContaining({ code: 'GS_OPTION_VALUE' }),
      );
    },
  );
});
