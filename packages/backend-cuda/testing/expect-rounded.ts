import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { CUDA } from '../src/cuda.js';
import type { Rounding } from '../src/internal/rounding.js';
import { roundedTensor } from './rounded.js';

/** Whether a and b of a product are stored the other way round. */
export const transposes = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

/** Runs operations on rounded numbers: on cuda, which rounds them, and on the cpu backend, where they are rounded before. */
export async function expectRounded(
  given: readonly tf.Tensor[],
  run: (...x: tf.Tensor[]) => tf.Tensor,
  rounding: Rounding,
  tolerance = 4e-6,
): Promise<void> {
  const own = tf.tidy(() => run(...given));
  const got = await own.data();
  const before = given.map((x) => roundedTensor(x, rounding)).map((x) => [x.dataSync(), x.shape] as const);
  await tf.setBackend('cpu');
  const wanted = tf.tidy(() => {
    const y = run(...before.map(([values, shape]) => tf.tensor(values, shape)));
    return { shape: y.shape, values: y.dataSync() };
  });
  await tf.setBackend(CUDA);
  expect(own.shape).toEqual(wanted.shape);
  own.dispose();
  const size = Math.max(...wanted.values.map(Math.abs));
  const off = (wanted.values as Float32Array).reduce(
    (most, value, index) => Math.max(most, Math.abs(value - got[index]!)),
    0,
  );
  expect(off / size).toBeLessThan(tolerance);
}
