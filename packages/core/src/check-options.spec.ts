import { describe, expect, it } from 'vitest';
import { checkBoolean, checkChoice, checkNumber, checkOptions } from './check-options.js';

const caught = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('checkOptions', () => {
  it('lets known names and nothing pass', () => {
    checkOptions('here', { units: 3 }, ['units']);
    checkOptions('here', undefined, ['units']);
  });

  it('refuses a misspelt name with the one that was meant', () => {
    expect(caught(() => checkOptions('here', { activatoin: 'relu' }, ['activation', 'units']))).toMatchObject({
      code: 'GS_OPTION_UNKNOWN',
      next: 'Did you mean "activation"?',
    });
    expect(caught(() => checkOptions('here', { qqqqqqqq: 1 }, ['activation']))).toMatchObject({ next: 'Remove it.' });
  });

  it.each([null, 3, 'x', [1]])('refuses %j as options', (options) => {
    expect(caught(() => checkOptions('here', options, ['units']))).toMatchObject({ code: 'GS_OPTION_TYPE' });
  });
});

describe('checkNumber', () => {
  it.each([
    [1, { min: 1 }],
    [0, {}],
    [5, { integer: true, max: 5 }],
    [0.5, { min: 0, max: 1, exclusive: 'both' }],
  ] as const)('takes %d in %j', (value, range) => {
    expect(checkNumber('here', 'rate', value, range)).toBe(value);
  });

  it.each([
    [Number.NaN, {}],
    [Number.POSITIVE_INFINITY, {}],
    ['1', {}],
    [undefined, {}],
    [0, { min: 1 }],
    [2, { max: 1 }],
    [1.5, { integer: true }],
    [0, { min: 0, exclusive: 'min' }],
    [1, { max: 1, exclusive: 'max' }],
  ] as const)('refuses %j in %j', (value, range) => {
    expect(caught(() => checkNumber('here', 'rate', value, range))).toMatchObject({ code: 'GS_OPTION_VALUE' });
  });

  it('says what would be right', () => {
    expect(caught(() => checkNumber('here', 'rate', 2, { min: 0, max: 1, exclusive: 'max' }))).toMatchObject({
      expected: 'a finite number at least 0 below 1',
      received: '2',
    });
  });
});

describe('checkChoice and checkBoolean', () => {
  it('take what is allowed and refuse the rest', () => {
    expect(checkChoice('here', 'mode', 'min', ['min', 'max'])).toBe('min');
    expect(caught(() => checkChoice('here', 'mode', 'mim', ['min', 'max']))).toMatchObject({
      next: 'Did you mean "min"?',
    });
    expect(checkBoolean('here', 'useBias', false)).toBe(false);
    expect(caught(() => checkBoolean('here', 'useBias', 0))).toMatchObject({ code: 'GS_OPTION_VALUE', received: '0' });
  });
});
