import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LabelledExample } from '../example.js';
import { syntheticDigits, type SyntheticDigitsOptions } from './synthetic-digits.js';

async function drawn(options: SyntheticDigitsOptions): Promise<{ train: LabelledExample; test: LabelledExample }> {
  const { train, test } = syntheticDigits({ train: 200, test: 100, normalize: false, ...options });
  return { train: (await train.batch(1000).toArray())[0]!, test: (await test.batch(1000).toArray())[0]! };
}

describe('syntheticDigits', () => {
  it('draws the same pixels as ever for a seed, on every machine', async () => {
    const { train } = await drawn({ seed: 7 });
    expect([...train.y.values.slice(0, 10)]).toEqual([1, 3, 7, 5, 7, 4, 0, 7, 8, 9]);
    expect(createHash('sha256').update(train.x.values).digest('hex')).toBe(
      'e40df8347d78bf75fe1aa1e54b56d7996c4e1fbc900294c5eea9a76d122e907a',
    );
  });

  it('has the shapes and dtypes of MNIST', async () => {
    const { train, test } = await drawn({});
    expect([train.x.dtype, train.x.shape, train.y.dtype, train.y.shape]).toEqual([
      'uint8',
      [200, 28, 28],
      'int32',
      [200],
    ]);
    expect(test.x.shape).toEqual([100, 28, 28]);
    const { train: scaled } = syntheticDigits({ train: 5, test: 1 });
    const [batch] = await scaled.batch(5).toArray();
    expect(batch?.x.dtype).toBe('float32');
    const largest = Math.max(...batch!.x.values);
    expect(largest).toBeGreaterThan(0.7);
    expect(largest).toBeLessThanOrEqual(1);
  });

  it('depends on seed and number of the image alone: more images leave the first as they are', async () => {
    const [few, many, other] = [await drawn({}), await drawn({ train: 300 }), await drawn({ seed: 1 })];
    expect(many.train.x.values.subarray(0, few.train.x.values.length)).toEqual(few.train.x.values);
    expect(other.train.x.values).not.toEqual(few.train.x.values);
    expect(few.test.x.values).not.toEqual(few.train.x.values.subarray(0, few.test.x.values.length));
  });

  it('draws all digits about as often, with ink in the middle and little at the rim', async () => {
    const { train } = await drawn({ train: 1000 });
    const counts = Array.from({ length: 10 }, () => 0);
    for (const label of train.y.values) counts[label]!++;
    for (const count of counts) expect(count).toBeGreaterThan(60);
    let [middle, rim] = [0, 0];
    train.x.values.forEach((pixel, index) => {
      const [row, column] = [Math.floor(index / 28) % 28, index % 28];
      if (Math.min(row, column) >= 7 && Math.max(row, column) < 21) middle += pixel;
      if (Math.min(row, column) === 0 || Math.max(row, column) === 27) rim += pixel;
    });
    expect(middle / 1000 / 14 ** 2).toBeGreaterThan(50);
    expect(rim / 1000 / 108).toBeLessThan(6);
  });

  it('draws digits that can be told apart: the nearest of 2,000 others has the same label nine times in ten', async () => {
    const { train, test } = await drawn({ train: 2000, test: 200 });
    let right = 0;
    for (let index = 0; index < 200; index++) {
      if (
        train.y.values[nearest(train.x.values, test.x.values.subarray(index * 784, (index + 1) * 784))] ===
        test.y.values[index]
      )
        right++;
    }
    expect(right).toBeGreaterThanOrEqual(180);
  });

  it('draws in other sizes', async () => {
    const { train } = await drawn({ size: 16, train: 3 });
    expect(train.x.shape).toEqual([3, 16, 16]);
    expect(Math.max(...train.x.values)).toBeGreaterThan(150);
  });
});

function nearest(images: ArrayLike<number>, image: ArrayLike<number>): number {
  let [best, bestDistance] = [-1, Infinity];
  for (let start = 0; start < images.length; start += 784) {
    let distance = 0;
    for (let i = 0; i < 784 && distance < bestDistance; i++) distance += (images[start + i]! - image[i]!) ** 2;
    if (distance < bestDistance) [best, bestDistance] = [start / 784, distance];
  }
  return best;
}
