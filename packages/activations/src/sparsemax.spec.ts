import { firstDifference } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { sparsemax } from './sparsemax.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('sums to 1 with several results above 0, where Keras 3.15 gives [0.25, 0]', () => {
  tf.tidy(() => {
    expect(firstDifference(sparsemax(tf.tensor1d([1, 0.5])), [0.75, 0.25])).toBeNull();
  });
});

it('is the nearest point of the simplex: no step towards another point comes closer', () => {
  tf.tidy(() => {
    const rows = 50;
    const width = 9;
    const numbers = Array.from({ length: rows * width }, (_, i) => 3 * Math.sin(i * 12.9898) * Math.cos(i * 78.233));
    const y = sparsemax(tf.tensor2d(numbers, [rows, width])).dataSync();
    for (let row = 0; row < rows; row++) {
      const x = numbers.slice(row * width, (row + 1) * width);
      const p = [...y.slice(row * width, (row + 1) * width)];
      expect(p.every((value) => value >= 0)).toBe(true);
      expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      // Nearest exactly when (x - p) leads no further towards any corner of the simplex than towards p itself.
      const towards = p.reduce((sum, value, i) => sum + (x[i]! - value) * value, 0);
      for (let corner = 0; corner < width; corner++) expect(x[corner]! - p[corner]!).toBeLessThan(towards + 1e-5);
    }
  });
});

it('holds for equal numbers, large numbers and one number', () => {
  tf.tidy(() => {
    expect(firstDifference(sparsemax(tf.tensor1d([5, 5, 5, 5])), [0.25, 0.25, 0.25, 0.25])).toBeNull();
    expect(firstDifference(sparsemax(tf.tensor1d([1e8, 1e8, -1e8])), [0.5, 0.5, 0])).toBeNull();
    expect(firstDifference(sparsemax(tf.tensor2d([[-1e30], [7]])), [1, 1])).toBeNull();
  });
});
