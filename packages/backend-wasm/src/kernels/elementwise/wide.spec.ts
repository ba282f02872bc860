import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { wasmSimdBackend } from '../../index.js';
import { randomNumbers, valuesOf } from '../../../testing/binaries.js';

beforeAll(() => wasmSimdBackend().start());

/** The two arguments of many points, sizes from 2^-130 to 2^127, both signs. */
function pairs(seed: number): { a: Float32Array; b: Float32Array } {
  const [a, b] = [randomNumbers(40_000, seed), randomNumbers(40_000, seed + 1)];
  return {
    a: a.map((value, index) => value * 2 ** ((index % 257) - 129)),
    b: b.map((value, index) => value * 2 ** (((index * 7) % 257) - 129)),
  };
}

function check(got: Float32Array, exact: (index: number) => number, describeAt: (index: number) => unknown): void {
  for (const [index, value] of got.entries()) {
    const expected = Math.fround(exact(index));
    const distance = Math.abs(value - expected);
    const unit = Math.max(2 ** -149, Math.abs(expected) * 2 ** -23);
    if (!(Object.is(value, expected) || distance <= unit || (value === 0 && expected === 0)))
      expect([describeAt(index), value]).toEqual([describeAt(index), expected]);
  }
}

it('is within one unit of the last place of a power', () => {
  const a = randomNumbers(40_000, 3).map((value) => Math.abs(value) * 100);
  const b = randomNumbers(40_000, 4).map((value) => value * 25);
  const got = valuesOf(() => tf.pow(tf.tensor1d(a), tf.tensor1d(b)));
  check(
    got,
    (index) => a[index]! ** b[index]!,
    (index) => [a[index], b[index]],
  );
});

it('gives the special powers of Math.pow', () => {
  const values = [0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, Infinity, -Infinity, NaN, 1e-45, 3e38, -3e38];
  const a = Float32Array.from(values.flatMap((value) => values.map(() => value)));
  const b = Float32Array.from(values.flatMap(() => values));
  const got = valuesOf(() => tf.pow(tf.tensor1d(a), tf.tensor1d(b)));
  for (const [index, value] of got.entries()) {
    const expected = Math.fround(a[index]! ** b[index]!);
    expect([a[index], b[index], value]).toEqual([a[index], b[index], expected]);
  }
});

it('is exact for squares and cubes of whole numbers', () => {
  const x = Float32Array.from({ length: 401 }, (_, index) => index - 200);
  const squares = valuesOf(() => tf.pow(tf.tensor1d(x), 2));
  const cubes = valuesOf(() => tf.pow(tf.tensor1d(x), 3));
  for (const [index, value] of x.entries()) {
    expect(squares[index]).toBe(value ** 2);
    expect(cubes[index]).toBe(value ** 3);
  }
});

it('is within one unit of the last place of an angle, a floor and a remainder', () => {
  const { a, b } = pairs(11);
  const describeAt = (index: number): unknown => [a[index], b[index]];
  const run = (op: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor): Float32Array =>
    valuesOf(() => op(tf.tensor1d(a), tf.tensor1d(b)));
  check(run(tf.atan2), (index) => Math.atan2(a[index]!, b[index]!), describeAt);
  check(run(tf.floorDiv), (index) => Math.floor(a[index]! / b[index]!), describeAt);
  const remainder = (x: number, y: number): number =>
    (x >= 0 && y >= 0) || (x < 0 && y < 0) ? x % y : ((x % y) + y) % y;
  check(run(tf.mod), (index) => remainder(a[index]!, b[index]!), describeAt);
});

it('gives the angles of all quadrants, axes and infinities', () => {
  const values = [0, -0, 1, -1, 2, -0.25, Infinity, -Infinity];
  const y = values.flatMap((value) => values.map(() => value));
  const x = values.flatMap(() => values);
  const got = valuesOf(() => tf.atan2(tf.tensor1d(y), tf.tensor1d(x)));
  for (const [index, value] of got.entries())
    expect([y[index], x[index], value]).toEqual([y[index], x[index], Math.fround(Math.atan2(y[index]!, x[index]!))]);
});
