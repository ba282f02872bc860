import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from '../../index.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend('wasm-simd');
  backend = tf.backend() as WasmSimdBackend;
});

beforeEach(() => backend.resetFallbacks());

const source = {
  float32: [-2.7, -0.5, 0, 0.5, 2.7, 1e9, 300],
  int32: [-2, -1, 0, 1, 2, 1_000_000_000, 300],
  bool: [0, 1, 1, 0, 1, 1, 0],
};
const into = { float32: (x: number) => x, int32: Math.trunc, bool: (x: number) => Number(x !== 0) };

it.each(Object.keys(source).flatMap((from) => Object.keys(into).map((to) => [from, to] as ['float32', 'int32'])))(
  'casts %s to %s',
  (from, to) => {
    const y = tf.cast(tf.tensor1d(source[from], from), to);
    expect(y.dtype).toBe(to);
    expect([...y.dataSync()]).toEqual(source[from].map((x) => Math.fround(into[to](x)) + 0));
    expect(backend.fallbacks()).toEqual({});
    y.dispose();
  },
);

it('casts to the nearest end of int32, and NaN to 0', () => {
  expect([...tf.cast(tf.tensor1d([1e10, -1e10, NaN, Infinity]), 'int32').dataSync()]).toEqual([
    2147483647, -2147483648, 0, 2147483647,
  ]);
});

it('selects elements and rows, of float32 and int32', () => {
  const t = tf.reshape(tf.range(0, 12), [4, 3]);
  const rows = tf.tidy(
    () =>
      tf.engine().runKernel('Select', {
        condition: tf.tensor1d([true, false, true, false], 'bool'),
        t,
        e: tf.neg(t),
      }) as tf.Tensor,
  );
  expect([...rows.dataSync()]).toEqual([0, 1, 2, -3, -4, -5, 6, 7, 8, -9, -10, -11]);
  const elements = tf.tidy(() => tf.where(tf.greater(t, 5), tf.cast(t, 'int32'), tf.scalar(-1, 'int32')));
  expect([elements.dtype, ...elements.dataSync()]).toEqual(['int32', -1, -1, -1, -1, -1, -1, 6, 7, 8, 9, 10, 11]);
});

it('combines bools', () => {
  const [a, b] = [tf.tensor1d([true, true, false, false], 'bool'), tf.tensor1d([true, false, true, false], 'bool')];
  expect([...tf.logicalAnd(a, b).dataSync()]).toEqual([1, 0, 0, 0]);
  expect([...tf.logicalOr(a, b).dataSync()]).toEqual([1, 1, 1, 0]);
  expect([...tf.logicalXor(a, b).dataSync()]).toEqual([0, 1, 1, 0]);
  expect([...tf.logicalNot(a).dataSync()]).toEqual([0, 0, 1, 1]);
});

it('tests for NaN, infinities and finite numbers', () => {
  const x = tf.tensor1d([NaN, Infinity, -Infinity, 0, 1]);
  expect([...tf.isNaN(x).dataSync()]).toEqual([1, 0, 0, 0, 0]);
  expect([...tf.isInf(x).dataSync()]).toEqual([0, 1, 1, 0, 0]);
  expect([...tf.isFinite(x).dataSync()]).toEqual([0, 0, 0, 1, 1]);
});

it('fills with values of each type', () => {
  expect([...tf.fill([5], -1.5).dataSync()]).toEqual([-1.5, -1.5, -1.5, -1.5, -1.5]);
  expect([...tf.fill([3], 7, 'int32').dataSync()]).toEqual([7, 7, 7]);
  expect([...tf.onesLike(tf.tensor1d([false, false, true], 'bool')).dataSync()]).toEqual([1, 1, 1]);
  expect([...tf.zerosLike(tf.tensor1d([3, 4])).dataSync()]).toEqual([0, 0]);
});
