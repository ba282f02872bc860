import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from './index.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend('wasm-simd');
  backend = tf.backend() as WasmSimdBackend;
});

it('shares data between a tensor, its clone and its reshape', () => {
  const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const { used } = backend.memory().heap;
  const clone = tf.clone(x);
  const reshaped = tf.reshape(x, [3, 2]);
  expect(backend.memory().heap.used).toBe(used);
  x.dispose();
  clone.dispose();
  expect([...reshaped.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
  reshaped.dispose();
  expect(backend.memory().heap.used).toBe(used - 64);
});

it('gives copies to whoever reads, and copies what is written', async () => {
  const values = new Float32Array([1, 2, 3]);
  const x = tf.tensor1d(values);
  values[0] = 9;
  const read = x.dataSync();
  expect([...read]).toEqual([1, 2, 3]);
  read[1] = 9;
  expect([...(await x.data())]).toEqual([1, 2, 3]);
  expect(read.buffer.byteLength).toBe(12);
  x.dispose();
});

it('keeps views of the memory right when it grows', () => {
  const x = tf.tensor1d([1, 2, 3]);
  const big = tf.zeros([6_000_000]);
  const y = tf.unique(x).values;
  expect([...y.dataSync()]).toEqual([1, 2, 3]);
  expect([...x.dataSync()]).toEqual([1, 2, 3]);
  tf.dispose([x, big, y]);
});

it('runs a kernel it does not have on the cpu backend, and counts it', () => {
  backend.resetFallbacks();
  const y = tf.tidy(() => tf.bincount(tf.tensor1d([1, 2, 1], 'int32'), tf.tensor1d([1, 2, 5]), 3));
  expect([...y.dataSync()]).toEqual([0, 6, 2]);
  expect(backend.fallbacks()).toEqual({ Bincount: 1 });
  y.dispose();
});

it('moves all results of a fallback before their block is given out again', () => {
  const x = tf.tensor1d(Float32Array.from({ length: 4000 }, (_, index) => index % 1000));
  const { values, indices } = tf.unique(x);
  const after = tf.fill([1000], -1);
  expect([values.dataSync()[999], indices.dataSync()[3999], after.dataSync()[999]]).toEqual([999, 999, -1]);
  tf.dispose([x, values, indices, after]);
});

it('gives results of a fallback the type they claim', () => {
  const x = tf.tensor1d([-1, 2, 3], 'int32');
  const y = tf.cast(x, 'float32');
  expect(y.dataSync()).toBeInstanceOf(Float32Array);
  expect([...tf.matMul(tf.reshape(y, [1, 3]), tf.reshape(y, [3, 1])).dataSync()]).toEqual([14]);
});

it('takes tensors of other backends, complex and text included', async () => {
  await tf.setBackend('cpu');
  const number = tf.tensor1d([1.5, 2.5]);
  const complex = tf.complex([1, 2], [3, 4]);
  const text = tf.tensor1d(['a', 'ß'], 'string');
  await tf.setBackend('wasm-simd');
  expect([...tf.addN([number, number]).dataSync()]).toEqual([3, 5]);
  expect([...tf.add(complex, complex).dataSync()]).toEqual([2, 6, 4, 8]);
  expect(tf.clone(text).dataSync()).toEqual(['a', 'ß']);
});

it('leaves nothing behind', () => {
  const before = { tensors: tf.memory().numTensors, used: backend.memory().heap.used, ids: backend.numDataIds() };
  for (let round = 0; round < 5; round++) {
    tf.tidy(() => void tf.cumsum(tf.reshape(tf.slice(tf.tensor2d([1, 2, 3, 4], [2, 2]), [0, 0], [1, 2]), [2])));
  }
  expect({ tensors: tf.memory().numTensors, used: backend.memory().heap.used, ids: backend.numDataIds() }).toEqual(
    before,
  );
});

it('does not grow over 10,000 tensors that come and go', () => {
  const cycle = (index: number): void =>
    tf.tidy(() => void tf.add(tf.ones([1 + ((index * 37) % 999)]), tf.fill([1], index)));
  for (let index = 0; index < 1000; index++) cycle(index);
  const before = { ...backend.memory().heap, peak: 0 };
  for (let index = 0; index < 10_000; index++) cycle(index);
  expect({ ...backend.memory().heap, peak: 0 }).toEqual(before);
});

it('says that memory is full, and works on with what there is', async () => {
  tf.removeBackend('wasm-simd');
  await wasmSimdBackend({ memoryLimit: 2 ** 25 }).start();
  const limited = tf.backend() as WasmSimdBackend;
  const x = tf.ones([1_000_000]);
  const { used, blocks } = limited.memory().heap;
  expect(() => tf.tidy(() => tf.tile(x, [9]))).toThrow(/GS_BACKEND_MEMORY .*36000000 bytes|GS_BACKEND_MEMORY/);
  expect(() => tf.tidy(() => tf.concat(Array.from({ length: 12 }, () => tf.neg(x))))).toThrow(/GS_BACKEND_MEMORY/);
  expect(limited.memory().heap).toMatchObject({ used, blocks });
  expect(tf.tidy(() => tf.sum(x).dataSync()[0])).toBe(1_000_000);
  x.dispose();
});

it.each([
  [{ variant: 'simd', threads: 2 }, 'binary simd, 1 thread (the binary simd has no threads)'],
  [{ variant: 'simd', threads: 1 }, 'binary simd, 1 thread'],
  [{ variant: 'simd-threads', threads: 3 }, 'binary simd-threads, 3 threads'],
] as const)('says what %o starts, before and after', async (options, detail) => {
  tf.removeBackend('wasm-simd');
  const plugin = wasmSimdBackend({ wide: false, ...options });
  expect(await plugin.probe()).toEqual({ available: true, detail });
  await plugin.start();
  expect((tf.backend() as WasmSimdBackend).detail).toBe(detail);
  expect(await plugin.probe()).toEqual({ available: true, detail });
});

it.each([
  [{ variant: 'avx' }, /GS_OPTION_VALUE/],
  [{ varient: 'simd' }, /GS_OPTION_UNKNOWN .*Did you mean "variant"/s],
  [{ memoryLimit: -1 }, /GS_OPTION_VALUE/],
  [3, /GS_OPTION_TYPE/],
])('refuses the options %o', (options, message) => {
  expect(() => wasmSimdBackend(options as never)).toThrow(message);
});
