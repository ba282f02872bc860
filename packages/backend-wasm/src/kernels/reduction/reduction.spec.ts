import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from '../../index.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend('wasm-simd');
  backend = tf.backend() as WasmSimdBackend;
});

beforeEach(() => backend.resetFallbacks());

const values = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, index) => Math.fround(Math.sin(index * 12.9898) * 3));

const functions = {
  sum: { op: tf.sum, join: (a: number, b: number) => a + b, first: 0, last: (t: number) => t },
  mean: { op: tf.mean, join: (a: number, b: number) => a + b, first: 0, last: (t: number, n: number) => t / n },
  prod: { op: tf.prod, join: (a: number, b: number) => a * b, first: 1, last: (t: number) => t },
  max: { op: tf.max, join: Math.max, first: -Infinity, last: (t: number) => t },
  min: { op: tf.min, join: Math.min, first: Infinity, last: (t: number) => t },
} as const;

const cases: readonly [number[], number[]][] = [
  [[7], [0]],
  [[1], [0]],
  [[3, 5], [0]],
  [[3, 5], [1]],
  [
    [3, 5],
    [0, 1],
  ],
  [[4, 1, 6], [1]],
  [[2, 3, 4, 5], [1]],
  [
    [2, 3, 4, 5],
    [0, 2],
  ],
  [
    [2, 3, 4, 5],
    [1, 3],
  ],
  [
    [2, 3, 4, 5],
    [0, 1, 3],
  ],
  [[300, 17], [0]],
  [[300, 33], [0]],
  [[17, 301], [1]],
  // Long rows, whose columns are summed side by side.
  [[4, 256], [0]],
  [[37, 259], [0]],
  [[2, 7, 1030], [1]],
];

describe.each(Object.entries(functions))('%s', (_, { op, join, first, last }) => {
  it.each(cases)('of %o over %o is right', (shape, axes) => {
    const size = shape.reduce((p, s) => p * s, 1);
    // Factors near 1, so that a long product stays in range.
    const x = op === tf.prod ? values(size).map((value) => 1 + value * 0.01) : values(size);
    const kept = shape.map((count, axis) => (axes.includes(axis) ? 1 : count));
    const expected = new Map<number, number>();
    const scale = new Map<number, number>();
    for (const [index, value] of x.entries()) {
      let [rest, place, stride] = [index, 0, 1];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const position = rest % shape[axis]!;
        rest = (rest - position) / shape[axis]!;
        if (!axes.includes(axis)) place += position * stride;
        stride *= kept[axis]!;
      }
      expected.set(place, join(expected.get(place) ?? first, value));
      scale.set(place, (scale.get(place) ?? 0) + Math.abs(value));
    }
    for (const keepDims of [false, true]) {
      const y = tf.tidy(() => op(tf.tensor(x, shape), axes, keepDims));
      expect(y.shape).toEqual(keepDims ? kept : shape.filter((__, axis) => !axes.includes(axis)));
      const n = size / y.size;
      for (const [place, value] of y.dataSync().entries()) {
        const exact = last(expected.get(place)!, n);
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(1e-5 * Math.max(Math.abs(exact), scale.get(place)! / n));
      }
      y.dispose();
    }
    expect(backend.fallbacks()).toEqual({});
  });

  it('of an infinite value, of NaN and of nothing is what mathematics says', () => {
    const of = (list: number[]): number => tf.tidy(() => op(tf.tensor1d(list)).dataSync()[0]!);
    for (const size of [2, 5, 40]) {
      const ones = Array.from({ length: size }, () => 1);
      expect(of([...ones, NaN, ...ones])).toBeNaN();
      expect(of([...ones, Infinity])).toBe(op === tf.min ? 1 : Infinity);
    }
    expect(of([])).toBe(op === tf.mean ? NaN : first);
  });
});

it('sums a million values as exactly as a few', () => {
  const x = Float32Array.from({ length: 1_000_003 }, () => 0.1);
  expect(tf.tidy(() => tf.sum(tf.tensor1d(x)).dataSync()[0]!) / (1_000_003 * Math.fround(0.1))).toBeCloseTo(1, 5);
  expect(
    tf.tidy(() => tf.sum(tf.tensor2d(x.subarray(0, 1_000_000), [250_000, 4]), 0).dataSync()[3]!) /
      (250_000 * Math.fround(0.1)),
  ).toBeCloseTo(1, 5);
});

it('finds the first place of an extreme, and never at NaN', () => {
  const x = tf.tensor2d([3, 1, 3, NaN, -1, -1, 0, 5], [2, 4]);
  expect([...tf.argMax(x, 1).dataSync()]).toEqual([0, 3]);
  expect([...tf.argMin(x, 1).dataSync()]).toEqual([1, 0]);
  expect([...tf.argMax(x, 0).dataSync()].slice(0, 3)).toEqual([0, 0, 0]);
  expect(backend.fallbacks()).toEqual({});
});

it('sums int32, and counts bools', () => {
  const sum = tf.sum(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3], 'int32'), 0);
  expect([sum.dtype, ...sum.dataSync()]).toEqual(['int32', 5, 7, 9]);
  expect(tf.all(tf.tensor1d([true, true, false], 'bool')).dataSync()[0]).toBe(0);
  expect([...tf.any(tf.tensor2d([true, false, false, false], [2, 2], 'bool'), 1).dataSync()]).toEqual([1, 0]);
});

describe('softmax', () => {
  it.each([1, 2, 3, 4, 5, 10, 16, 33])('of rows of %i values sums to one and is right', (n) => {
    const x = values(7 * n).map((value) => value * 20);
    const y = tf.tidy(() => tf.softmax(tf.tensor2d(x, [7, n])).dataSync());
    for (let r = 0; r < 7; r++) {
      const row = x.subarray(r * n, (r + 1) * n);
      const top = Math.max(...row);
      const terms = [...row].map((value) => Math.exp(value - top));
      const total = terms.reduce((a, b) => a + b);
      for (let i = 0; i < n; i++)
        expect(Math.abs(y[r * n + i]! - terms[i]! / total)).toBeLessThanOrEqual(1e-5 * (terms[i]! / total) + 1e-38);
    }
    expect(backend.fallbacks()).toEqual({});
  });

  it('survives large values', () => {
    expect([...tf.softmax(tf.tensor1d([1e30, 1e30, -1e30])).dataSync()]).toEqual([0.5, 0.5, 0]);
  });
});
