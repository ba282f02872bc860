import { expect, it } from 'vitest';
import { durationText, stepTimeText } from './duration-text.js';

it.each([
  [-5, '0s'],
  [400, '0s'],
  [59_400, '59s'],
  [59_600, '1:00'],
  [3_599_000, '59:59'],
  [3_605_000, '1:00:05'],
  [360_000_000, '100:00:00'],
])('%d ms are %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

it.each([
  [0.3, '300us/step'],
  [0.9999, '1000us/step'],
  [2.4, '2ms/step'],
  [999.4, '999ms/step'],
  [1500, '1.5s/step'],
  [12_345, '12s/step'],
])('a step of %d ms is %s', (milliseconds, text) => {
  expect(stepTimeText(milliseconds)).toBe(text);
});
