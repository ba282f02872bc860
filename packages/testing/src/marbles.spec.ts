import { filter, map, mergeMap, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { expectMarbles } from './marbles.js';

const given = { a: 1, b: 2, c: 3 };

describe('expectMarbles', () => {
  it('passes where the commands come as drawn', () => {
    expectMarbles(
      filter((value: number) => value === 2),
      { events: 'ab-c|', given, commands: '-x--|', expected: { x: 2 } },
    );
    expectMarbles(
      mergeMap((value: number) => of(value, -value)),
      {
        events: '--b 7ms |',
        given,
        commands: '--(xy) 4ms |',
        expected: { x: 2, y: -2 },
      },
    );
  });

  it('compares by value, whatever the order of keys, and takes a promise for a promise', () => {
    expectMarbles(
      map((loss: number) => ({ type: 'x', until: Promise.resolve(loss), loss: loss / 0 })),
      {
        events: 'a',
        given,
        commands: 'x',
        expected: { x: { loss: Infinity, until: Promise.resolve(5), type: 'x' } },
      },
    );
  });

  it('compares errors by code', () => {
    const failing = mergeMap((_: number) => throwError(() => Object.assign(new Error('long text'), { code: 'GS_X' })));
    expectMarbles(failing, { events: '-a', given, commands: '-#', error: 'GS_X' });
    expect(() => expectMarbles(failing, { events: '-a', given, commands: '-#', error: 'GS_Y' })).toThrow(/GS_X/);
  });

  it.each([
    ['a command too few', '-x--|', 'ab-c|'],
    ['a command too late', '--x-|', 'a-b-|'],
    ['a wrong command', 'y---|', 'b---|'],
    ['no end', 'x---|', 'b----'],
  ])('fails at %s', (_, commands, events) => {
    expect(() =>
      expectMarbles(
        map((value: number) => value),
        { events, given, commands, expected: { x: 2, y: 7 } },
      ),
    ).toThrow(/not as drawn/);
  });

  it('refuses letters without a meaning', () => {
    const react = map((value: number) => value);
    expect(() => expectMarbles(react, { events: 'az', given, commands: '' })).toThrow(/"z" of "az"/);
    expect(() => expectMarbles(react, { events: 'a', given, commands: 'x' })).toThrow(/"x" of "x"/);
  });
});
