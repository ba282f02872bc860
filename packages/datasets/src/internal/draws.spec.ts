import { describe, expect, it } from 'vitest';
import { randomKey } from '@gradstream/core';
import { draws } from './draws.js';

describe('draws', () => {
  it('gives numbers below the limit, never the same stretch again', () => {
    const below = draws(randomKey(5));
    const stretches = Array.from({ length: 4 }, () => Array.from({ length: 1024 }, () => below(1000)));
    for (const stretch of stretches) {
      expect(Math.min(...stretch)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...stretch)).toBeLessThan(1000);
    }
    expect(new Set(stretches.map(String)).size).toBe(4);
  });

  it('gives the same numbers for the same key, and 0 for a limit of 1', () => {
    const [a, b] = [draws(randomKey(1)), draws(randomKey(1))];
    for (let limit = 1; limit < 50; limit++) expect(a(limit)).toBe(b(limit));
    expect(a(1)).toBe(0);
  });
});
