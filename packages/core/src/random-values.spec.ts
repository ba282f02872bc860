import { describe, expect, it } from 'vitest';
import { philox4x32 } from './philox.js';
import { randomKey } from './random-key.js';
import { normalValues, randomBits, uniformValues } from './random-values.js';

const key = randomKey(7);
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('randomBits', () => {
  it('has element i in lane i mod 4 of block i / 4, the counter in the upper words', () => {
    const counter = 2 ** 32 * 3 + 9;
    const bits = randomBits(key, counter, 11);
    const block = new Uint32Array(4);
    philox4x32(2, 0, 9, 3, key.low, key.high, block);
    expect([...bits.slice(8)]).toEqual([...block.slice(0, 3)]);
  });

  it('is a prefix of a longer draw', () => {
    expect([...randomBits(key, 1, 6)]).toEqual([...randomBits(key, 1, 100).slice(0, 6)]);
  });
});

describe('uniformValues', () => {
  it('fill [min, max) evenly', () => {
    const values = uniformValues(key, 0, 100_000, -2, 3);
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(3);
    expect(mean(values)).toBeCloseTo(0.5, 1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (const value of values) counts[Math.floor(((value + 2) / 5) * 10)]! += 1;
    // Each of ten buckets holds 10,000 on average with a deviation of 95.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('normalValues', () => {
  it('have mean, deviation and tails of a normal distribution', () => {
    const values = normalValues(key, 3, 100_001, 1, 2);
    const centre = mean(values);
    const deviation = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
    expect(centre).toBeCloseTo(1, 1);
    expect(deviation).toBeCloseTo(2, 1);
    const outside = values.filter((value) => Math.abs(value - 1) > 4).length / values.length;
    expect(outside).toBeGreaterThan(0.04);
    expect(outside).toBeLessThan(0.051);
    expect(values.every(Number.isFinite)).toBe(true);
  });
});
