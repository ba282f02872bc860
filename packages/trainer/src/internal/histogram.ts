import type { TensorStatistics } from '@gradstream/core';

/** Equal buckets between the least and the greatest value; values that are not finite are in none. */
export function histogram(
  values: ArrayLike<number>,
  { min, max }: TensorStatistics,
  buckets: number,
): NonNullable<TensorStatistics['histogram']> {
  const width = (max - min) / buckets;
  const counts = Array.from({ length: buckets }, () => 0);
  const edges = Array.from({ length: buckets + 1 }, (_, index) => (index === buckets ? max : min + index * width));
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    const bucket = width > 0 ? Math.min(buckets - 1, Math.floor((value - min) / width)) : buckets - 1;
    counts[bucket]! += 1;
  }
  return { edges, counts };
}
