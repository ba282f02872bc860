import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { CUDA } from '../src/cuda.js';
import type { Rounding } from '../src/internal/rounding.js';
import { rounded, roundedTensor } from './rounded.js';

/** Whether a and b of a product are stored the other way round. */
export const transposes = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

/**
 * Runs operations on rounded numbers: on cuda, which rounds them, and on the cpu backend, where they are rounded before. `result`: what the result is rounded to when it
 * is stored; sums of another order may lie on the other side of where that goes up or down.
 */
export async function expectRounded(
  given: readonly tf.Tensor[],
  run: (...x: tf.Tensor[]) => tf.Tensor,
  rounding: Rounding,
  tolerance = 4e-6,
  result: Rounding = 'none',
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
  if (result !== 'none') return expectStored(got as Float32Array, wanted.values as Float32Array, result);
  const size = Math.max(...wanted.values.map(Math.abs));
  const off = (wanted.values as Float32Array).reduce(
    (most, value, index) => Math.max(most, Math.abs(value - got[index]!)),
    0,
  );
  expect(off / size).toBeLessThan(tolerance);
}

/** Whether numbers are others rounded: nearly all to the bit, all within one unit of the last place and the error of a sum of float32. */
export function expectStored(got: Float32Array, wanted: Float32Array, to: Rounding): void {
  const unit = to === 'bf16' ? 2 ** -7 : 2 ** -10;
  const error = 4e-6 * Math.max(...wanted.map(Math.abs));
  let others = 0;
  for (const [index, value] of got.entries()) {
    const right = rounded(wanted[index]!, to);
    if (Object.is(value, right) || value === right) continue;
    others++;
    expect(Math.abs(value - right)).toBeLessThanOrEqual(unit * Math.abs(right) + error);
  }
  expect(others / got.length).toBeLessThan(0.03);
}
