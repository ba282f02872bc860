import { expect, it } from 'vitest';
import { numberText } from './number-text.js';

it.each([
  [0, '0.0000'],
  [0.92104, '0.9210'],
  [-1.5, '-1.5000'],
  [0.001, '0.0010'],
  [0.000123456, '1.2346e-4'],
  [123456.789, '123456.7890'],
  [1.5e9, '1.5000e+9'],
  [NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('of %d is %s', (value, text) => {
  expect(numberText(value)).toBe(text);
});
