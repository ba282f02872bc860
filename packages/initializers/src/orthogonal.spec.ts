import { randomKey } from '@gradstream/core';
import { firstDifference } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../fixtures/initializers.json' with { type: 'json' };
import { normalQuantile } from './internal/normal-quantile.js';
import { orthonormalColumns } from './internal/orthonormal-columns.js';
import { orthogonal } from './orthogonal.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The largest deviation of `matrix * matrix^T` (or the other product, where that is smaller) from the identity. */
function deviation(values: ArrayLike<number>, rows: number, columns: number): number {
  const at = (i: number, j: number): number => (rows <= columns ? values[i * columns + j]! : values[j * columns + i]!);
  const [short, long] = [Math.min(rows, columns), Math.max(rows, columns)];
  let largest = 0;
  for (let a = 0; a < short; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let k = 0; k < long; k++) sum += at(a, k) * at(b, k);
      largest = Math.max(largest, Math.abs(sum - (a === b ? 1 : 0)));
    }
  }
  return largest;
}

describe('orthogonal', () => {
  it.each([
    [64, 64],
    [100, 30],
    [30, 100],
    [1, 5],
    [5, 1],
    [1, 1],
  ])('is orthonormal to 1e-6: %i by %i', (rows, columns) => {
    const value = orthogonal()([rows, columns], randomKey(5));
    expect(deviation(value.dataSync(), rows, columns)).toBeLessThan(1e-6);
    value.dispose();
  });

  it('takes a shape of more dimensions as a matrix', () => {
    const deep = orthogonal()([3, 4, 5], randomKey(5));
    const flat = orthogonal()([12, 5], randomKey(5));
    expect(deep.dataSync()).toEqual(flat.dataSync());
    expect(deviation(deep.dataSync(), 12, 5)).toBeLessThan(1e-6);
    tf.dispose([deep, flat]);
  });

  it.each(golden.orthogonal)(
    'makes what Keras makes of the same normal numbers: $shape, gain $gain',
    ({ shape, gain, normal, value }) => {
      const columns = shape.at(-1)!;
      const rows = value.length / columns;
      const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
      const matrix = new Float64Array(normal.length);
      normal.forEach((x, index) => (matrix[(index % short) * long + Math.floor(index / short)] = x));
      const turned = orthonormalColumns(matrix, long, short);
      // Columns one after the other are the rows of the transpose: for a wide matrix that is the matrix itself.
      const ours =
        rows < columns
          ? [...turned]
          : value.map((_, index) => turned[(index % short) * long + Math.floor(index / short)]!);
      expect(
        firstDifference(
          ours.map((x) => x * gain),
          value,
          { relative: 1e-10, absolute: 1e-12 },
        ),
      ).toBeNull();
    },
  );

  it('stands a matrix without full rank', () => {
    const same = orthonormalColumns(Float64Array.from([1, 2, 3, 2, 4, 6, 0, 0, 0]), 3, 3);
    expect(deviation(same, 3, 3)).toBeLessThan(1e-12);
  });
});

it.each(golden.quantiles)('the normal quantile of %f', (p, quantile) => {
  expect(Math.abs(normalQuantile(p!) - quantile!)).toBeLessThan(1e-15 + 4e-16 * Math.abs(quantile!));
});
