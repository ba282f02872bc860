import { expect, it } from 'vitest';
import { divider } from './divider.js';

/** As a kernel does it. */
function quotient(n: number, [multiplier, shift]: readonly [number, number]): number {
  return Number((BigInt(2 * n) * BigInt(multiplier)) >> BigInt(32 + shift));
}

const divisors = [
  ...Array.from({ length: 300 }, (_, index) => index + 1),
  ...Array.from({ length: 31 }, (_, power) => [2 ** power - 1, 2 ** power, 2 ** power + 1]).flat(),
  641 * 6_700_417 - 2 ** 32 + 3,
  2 ** 31 - 1,
].filter((d) => d >= 1 && d < 2 ** 31);

it('gives the quotients of all numbers below 2^31, near multiples above all', () => {
  for (const d of divisors) {
    const pair = divider(d);
    expect(pair[0] < 2 ** 32 && pair[1] >= 0 && pair[1] < 32).toBe(true);
    const largest = Math.floor((2 ** 31 - 1) / d);
    for (const times of [0, 1, 2, 3, 1000, Math.floor(largest / 2), largest - 1, largest])
      for (const n of [times * d - 1, times * d, times * d + 1, times * d + d - 1])
        if (n >= 0 && n < 2 ** 31 && quotient(n, pair) !== Math.floor(n / d)) expect([n, d]).toBe('divided wrongly');
  }
});
