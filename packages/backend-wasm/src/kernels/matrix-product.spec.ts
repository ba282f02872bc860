import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from '../index.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend('wasm-simd');
  backend = tf.backend() as WasmSimdBackend;
});

beforeEach(() => backend.resetFallbacks());

let state = 7;
const random = (): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32) * 2 - 1;
const values = (size: number): Float32Array => Float32Array.from({ length: size }, random);

interface Sizes {
  m: number;
  n: number;
  k: number;
  transposeA?: boolean;
  transposeB?: boolean;
}

/** The product in float64, and the sum of absolute terms that scales its error. */
function reference(
  a: Float32Array,
  b: Float32Array,
  { m, n, k, transposeA = false, transposeB = false }: Sizes,
): { sum: Float64Array; scale: Float64Array } {
  const sum = new Float64Array(m * n);
  const scale = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let p = 0; p < k; p++) {
        const term = a[transposeA ? p * m + i : i * k + p]! * b[transposeB ? j * k + p : p * n + j]!;
        sum[i * n + j]! += term;
        scale[i * n + j]! += Math.abs(term);
      }
    }
  }
  return { sum, scale };
}

function expectProduct(sizes: Sizes): void {
  const { m, n, k, transposeA = false, transposeB = false } = sizes;
  const [a, b] = [values(m * k), values(k * n)];
  const product = tf.tidy(() =>
    tf.matMul(
      tf.tensor2d(a, transposeA ? [k, m] : [m, k]),
      tf.tensor2d(b, transposeB ? [n, k] : [k, n]),
      transposeA,
      transposeB,
    ),
  );
  expect(product.shape).toEqual([m, n]);
  const { sum, scale } = reference(a, b, sizes);
  const got = product.dataSync();
  for (let index = 0; index < got.length; index++) {
    const allowed = scale[index]! * 2 ** -24 * Math.max(4, 2 * Math.sqrt(k)) + 1e-30;
    if (!(Math.abs(got[index]! - sum[index]!) <= allowed))
      expect([sizes, index, got[index]]).toEqual([sizes, index, sum[index]]);
  }
  product.dispose();
}

const transpositions = [
  { transposeA: false, transposeB: false },
  { transposeA: true, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: true },
];

describe.each(transpositions)('a product with %o', (transposed) => {
  it('is right for all sizes around a tile', () => {
    for (const m of [1, 2, 3, 4, 5, 6, 7, 9, 11, 13]) {
      for (const n of [1, 3, 4, 7, 8, 9, 12, 17])
        for (const k of [1, 2, 3, 4, 5, 8, 9]) expectProduct({ m, n, k, ...transposed });
    }
    expect(backend.fallbacks()).toEqual({});
  });

  it.each([
    [63, 65, 64],
    [97, 100, 257],
    [128, 10, 128],
    [260, 96, 40],
    [300, 130, 33],
    [20, 1030, 70],
    [1, 300, 300],
    [300, 1, 300],
    [65, 64, 513],
  ])('is right for %i x %i x %i', (m, n, k) => expectProduct({ m, n, k, ...transposed }));

  it('is empty or zero where a dimension is', () => {
    for (const [m, n, k] of [
      [0, 3, 2],
      [3, 0, 2],
      [3, 9, 0],
    ] as const)
      expectProduct({ m, n, k, ...transposed });
  });
});

it('carries NaN and infinities where they belong and nowhere else', () => {
  for (const [m, n, k] of [
    [9, 11, 6],
    [130, 100, 300],
  ] as const) {
    const a = values(m * k);
    const b = values(k * n);
    a[2 * k + 1] = NaN;
    b[3 * n + 7] = Infinity;
    const got = tf.tidy(() => tf.matMul(tf.tensor2d(a, [m, k]), tf.tensor2d(b, [k, n])).arraySync()) as number[][];
    for (const [i, row] of got.entries()) {
      for (const [j, value] of row.entries()) {
        if (i === 2) expect(value).toBeNaN();
        else if (j === 7) expect(value).toBe(Infinity * Math.sign(a[i * k + 3]!));
        else expect(Number.isFinite(value)).toBe(true);
      }
    }
  }
});

describe('a batch', () => {
  it.each([
    [[3], [3]],
    [[3], []],
    [[3], [1]],
    [[1], [3]],
    [
      [2, 3],
      [2, 3],
    ],
    [
      [2, 1],
      [1, 3],
    ],
    [[2, 3], [3]],
    [[0], [0]],
  ])('of shapes %o and %o is right', (aOuter, bOuter) => {
    for (const { transposeA, transposeB } of transpositions) {
      const [m, n, k] = [13, 9, 6];
      const a = tf.tensor(values(sizeOf(aOuter) * m * k), [...aOuter, ...(transposeA ? [k, m] : [m, k])]);
      const b = tf.tensor(values(sizeOf(bOuter) * k * n), [...bOuter, ...(transposeB ? [n, k] : [k, n])]);
      const got = tf.matMul(a, b, transposeA, transposeB);
      const expected = tf.tidy(() => {
        // Broadcast by hand, then matrix by matrix.
        const outer = got.shape.slice(0, -2);
        const full = (x: tf.Tensor): tf.Tensor =>
          tf.reshape(tf.add(x, tf.zeros([...outer, 1, 1])), [sizeOf(outer), ...x.shape.slice(-2)]);
        if (sizeOf(outer) === 0) return [];
        const [as, bs] = [tf.unstack(full(a)), tf.unstack(full(b))];
        return as.flatMap((matrix, index) => [
          ...tf.matMul(matrix as tf.Tensor2D, bs[index] as tf.Tensor2D, transposeA, transposeB).dataSync(),
        ]);
      });
      const flat = [...got.dataSync()];
      expect(flat.length).toBe(expected.length);
      for (const [index, value] of flat.entries()) expect(value).toBeCloseTo(expected[index]!, 4);
    }
  });
});

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

describe('a fused product', () => {
  it('adds its bias once, whatever the size and transposition', () => {
    // K beyond one block: an implementation that adds the bias once a block is found out.
    for (const { transposeA, transposeB } of transpositions) {
      for (const [m, n, k] of [
        [3, 5, 700],
        [40, 33, 300],
      ] as const) {
        const got = tf.tidy(() => {
          const a = tf.ones<tf.Rank.R2>(transposeA ? [k, m] : [m, k]);
          const b = tf.ones<tf.Rank.R2>(transposeB ? [n, k] : [k, n]);
          return tf.fused
            .matMul({ a, b, transposeA, transposeB, bias: tf.fill([n], 12), activation: 'relu' })
            .dataSync();
        });
        expect([...new Set(got)]).toEqual([k + 12]);
      }
    }
  });

  it('with a batch adds its bias once and cuts once', () => {
    const got = tf.tidy(() => {
      const a = tf.concat([tf.ones([2, 7, 300]), tf.neg(tf.ones([1, 7, 300]))]) as tf.Tensor3D;
      return tf.fused.matMul({ a, b: tf.ones([3, 300, 9]), bias: tf.fill([9], 60), activation: 'relu' }).dataSync();
    });
    expect([...new Set(got.subarray(0, 2 * 63))]).toEqual([360]);
    expect([...new Set(got.subarray(2 * 63))]).toEqual([0]);
  });

  it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const)('applies %s', (activation) => {
    const [a, b, bias] = [values(6 * 10), values(10 * 11), values(11)];
    const run = (): Float32Array =>
      tf.tidy(
        () =>
          tf.fused
            .matMul({ a: tf.tensor2d(a, [6, 10]), b: tf.tensor2d(b, [10, 11]), bias: tf.tensor1d(bias), activation })
            .dataSync() as Float32Array,
      );
    const got = run();
    const { sum } = reference(a, b, { m: 6, n: 11, k: 10 });
    const functions = {
      linear: (x: number) => x,
      relu: (x: number) => Math.max(0, x),
      relu6: (x: number) => Math.min(6, Math.max(0, x)),
      elu: (x: number) => (x > 0 ? x : Math.expm1(x)),
      sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
    };
    for (const [index, value] of got.entries())
      expect(value).toBeCloseTo(functions[activation](sum[index]! + bias[index % 11]!), 5);
  });
});

it('refuses inner dimensions that differ, and gives int32 its own product', () => {
  expect(() => tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 2]))).toThrow(/3.*4/s);
  const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), tf.tensor2d([1, 1, 0, 1], [2, 2], 'int32'));
  expect([product.dtype, ...product.dataSync()]).toEqual(['int32', 1, 3, 3, 7]);
});
