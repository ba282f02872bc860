import { expect, it } from 'vitest';
import { Reference } from './reference.js';

const usualAfter = (values: readonly number[]): number => {
  const reference = new Reference();
  for (const value of values) reference.add(value);
  return reference.usual;
};

it('knows nothing before three values', () => {
  expect(usualAfter([1, 2])).toBeNaN();
  expect(usualAfter([1, 2, 3])).toBe(2);
});

it('takes the larger one of the beginning and of the last twenty', () => {
  const low = Array.from({ length: 30 }, () => 0.01);
  expect(usualAfter([1, 1, 1, 1, 1, ...low])).toBe(1);
  expect(usualAfter([...low, ...low.map(() => 5)])).toBe(5);
});
