import { expect, it } from 'vitest';
import { describeValue } from './describe-value.js';

it('shows a value on one short line', () => {
  expect(describeValue([1, ['a', [true, [2]]]])).toBe('[1, ["a", [true, [...]]]]');
  expect(describeValue({ a: 1, b: 2 })).toBe('{ a, b }');
  expect(describeValue('x'.repeat(200))).toHaveLength(80);
});

it('shows a list in a hundred thousand lists, and one that holds itself', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(describeValue(deep)).toBe('[[[[...]]]]');
  const endless: unknown[] = [];
  for (let i = 0; i < 16; i++) endless.push(endless);
  expect(describeValue(endless).length).toBeLessThanOrEqual(80);
});
