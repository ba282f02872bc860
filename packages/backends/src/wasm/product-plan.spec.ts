import { expect, it } from 'vitest';
import { productPlan } from './product-plan.js';

it.each([
  ['a plain product stays as it is', 32, 784, 128, false, false, 'direct'],
  ["a weight's gradient: the long input is turned round, not the result", 784, 32, 128, true, false, 'direct'],
  ["an input's gradient: the small gradient is packed, not the weights", 32, 128, 784, false, true, 'swapped'],
  ['both transposed: only the result is turned round', 64, 64, 64, true, true, 'swapped'],
] as const)('%s', (_, m, k, n, transposeA, transposeB, plan) => {
  expect(productPlan({ m, k, n, transposeA, transposeB })).toBe(plan);
});
