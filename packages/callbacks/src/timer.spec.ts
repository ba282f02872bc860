import type { Json, TrainingCommand } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play } from '../fixtures/play.js';
import { epochBegin, epochEnd, stepEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { timer } from './timer.js';

const given = {
  b: trainBegin(['loss'], { time: 5000 }),
  0: epochBegin(0, 5000),
  s: stepEnd(0, 0, undefined, 35_000),
  t: stepEnd(0, 1, undefined, 65_000),
  u: stepEnd(0, 2, undefined, 66_000),
  E: epochEnd(0, { loss: 1 }, { time: 70_000 }),
  e: trainEnd('callback', '', 1, 71_000),
};
const stop: TrainingCommand = { type: 'stop', reason: 'the time of 1:00 is over' };

describe('timer', () => {
  it('stops after the step, or the epoch, in which the time is over; once', () => {
    expectMarbles(timer({ minutes: 1 }), { events: 'b0stuEe|', given, commands: '---x---|', expected: { x: stop } });
    expectMarbles(timer({ seconds: 60, interval: 'epoch' }), {
      events: 'b0stuEe|',
      given,
      commands: '-----x-|',
      expected: { x: stop },
    });
  });

  it('without a limit only takes times', () => {
    const callback = timer();
    expect(play(callback, Object.values(given)).flat()).toEqual([]);
    play(callback, [given.b, given[0], given.s, given.t, given.u, given.E, given.e]);
    expect(callback.elapsedSeconds).toBe(66);
    expect(callback.epochSeconds).toEqual([65]);
  });

  it('adds hours, minutes and seconds', () => {
    const events = [given.b, stepEnd(0, 0, undefined, 3_664_000), stepEnd(0, 1, undefined, 3_666_000)];
    expect(play(timer({ hours: 1, minutes: 1, seconds: 1 }), events).map(({ length }) => length)).toEqual([0, 0, 1]);
  });

  it('counts the time before a resumption', () => {
    const [first, second] = [timer({ minutes: 1 }), timer({ minutes: 1 })];
    play(first, [given.b, given[0], given.s]);
    second.restore!(JSON.parse(JSON.stringify(first.state!())) as Json);
    // Half a minute before, half a minute after; what lies between does not count.
    const answers = play(second, [{ ...given.b, time: 100_000 }, stepEnd(0, 1, undefined, 130_000)]);
    expect(answers).toEqual([[], [stop]]);
  });

  it('leaves out the time in which training is paused', () => {
    const place = { epoch: 0, globalStep: 1 };
    const callback = timer({ seconds: 61 });
    const answers = play(callback, [
      given.b,
      given[0],
      given.s,
      { type: 'trainPaused', ...place, time: 36_000 },
      { type: 'diagnosis', name: 'x', severity: 'info', message: '', evidence: {}, remedy: '', time: 50_000 },
      { type: 'trainResumed', ...place, time: 64_000 },
      given.t,
      { ...given.E, time: 94_000 },
      stepEnd(1, 0, undefined, 95_000),
    ]);
    expect(callback.elapsedSeconds).toBe(62);
    expect(callback.epochSeconds).toEqual([61]);
    expect(answers.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(JSON.stringify(callback.state!())).toBe('{"elapsed":62}');
  });

  it('stops at once where no time is given', () => {
    expect(play(timer({ seconds: 0 }), [given.b, given.s]).at(-1)).toHaveLength(1);
  });

  it.each([
    [{ seconds: -1 }, 'GS_OPTION_VALUE'],
    [{ minutes: Infinity }, 'GS_OPTION_VALUE'],
    [{ hours: '1' }, 'GS_OPTION_VALUE'],
    [{ interval: 'batch' }, 'GS_OPTION_VALUE'],
    [{ second: 1 }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => timer(options as never)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a state that is none', () => {
    expect(() => timer().restore!({ elapsed: 'long' } as Json)).toThrow(
      expect.objectContaining({ code: 'GS_CALLBACK_STATE' }),
    );
  });
});
