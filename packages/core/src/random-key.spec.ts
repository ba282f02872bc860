import { describe, expect, it } from 'vitest';
import { foldIn, randomKey, splitKey } from './random-key.js';

describe('randomKey', () => {
  it('takes every seed up to 2^53 - 1 and keeps them apart', () => {
    expect(randomKey(0)).toEqual({ low: 0, high: 0 });
    expect(randomKey(2 ** 32 + 5)).toEqual({ low: 5, high: 1 });
    expect(randomKey(Number.MAX_SAFE_INTEGER)).toEqual({ low: 0xffffffff, high: 0x1fffff });
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53, '1', undefined])('refuses %j', (seed) => {
    expect(() => randomKey(seed as number)).toThrow(/GS_OPTION_VALUE/);
  });
});

describe('foldIn and splitKey', () => {
  const key = randomKey(42);

  it('derive the same key from the same data and others from others', () => {
    expect(foldIn(key, 'dense/kernel')).toEqual(foldIn(key, 'dense/kernel'));
    const keys = [
      ...splitKey(key, 1000),
      ...Array.from({ length: 1000 }, (_, i) => foldIn(key, `layer_${i}`)),
      foldIn(key, ''),
      key,
    ];
    expect(new Set(keys.map(({ low, high }) => `${low},${high}`)).size).toBe(keys.length);
  });

  it('tell a number from the same digits as a name', () => {
    expect(foldIn(key, 1)).not.toEqual(foldIn(key, '1'));
  });

  it('stay what they were: files and runs depend on them', () => {
    expect(foldIn(randomKey(0), 0)).toMatchInlineSnapshot(`
      {
        "high": 2177922530,
        "low": 3598983587,
      }
    `);
    expect(foldIn(randomKey(0), 'weights')).toMatchInlineSnapshot(`
      {
        "high": 2616904182,
        "low": 3530077468,
      }
    `);
  });
});
