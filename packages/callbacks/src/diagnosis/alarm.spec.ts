import { describe, expect, it } from 'vitest';
import { Alarm } from './alarm.js';

const sounds = (values: readonly number[], bound = 1): boolean[] => {
  const alarm = new Alarm();
  return values.map((value) => alarm.sounds(value, bound));
};

describe('Alarm', () => {
  it('sounds at the third high value in a row, and at once at ten times the bound', () => {
    expect(sounds([2, 2, 0.5, 2, 2, 2, 2, 1])).toEqual([false, false, false, false, false, true, true, false]);
    expect(sounds([11, 10])).toEqual([true, false]);
  });

  it('sounds at what is not finite only after a high value', () => {
    expect(sounds([Number.NaN, 2, Number.NaN])).toEqual([false, false, true]);
    expect(new Alarm().sounds(Number.POSITIVE_INFINITY, 1, true)).toBe(true);
  });

  it('keeps quiet without a bound', () => {
    expect(sounds([1e9, 1e9, 1e9], Number.NaN)).toEqual([false, false, false]);
  });
});
