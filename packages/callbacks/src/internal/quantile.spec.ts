import { expect, it } from 'vitest';
import { median, quantile } from './quantile.js';

it('interpolates between neighbours and leaves the values in their order', () => {
  const values = [4, 1, 3, 2];
  expect([0, 0.1, 0.5, 1].map((share) => quantile(values, share))).toEqual([1, 1.3, 2.5, 4]);
  expect(values).toEqual([4, 1, 3, 2]);
  expect(median([5, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});
