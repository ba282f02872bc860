import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from '../../index.js';
import { binaryFunctions } from './binary.js';
import { broadcastRuns } from './broadcast.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend('wasm-simd');
  backend = tf.backend() as WasmSimdBackend;
});

beforeEach(() => backend.resetFallbacks());

const functions: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Multiply: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Maximum: Math.max,
  Minimum: Math.min,
  SquaredDifference: (a, b) => Math.fround(a - b) ** 2,
  Prelu: (x, alpha) => (x < 0 ? x * alpha : x),
  EluGrad: (dy, y) => (y >= 0 ? dy : dy * Math.fround(y + 1)),
  Pow: Math.pow,
  Atan2: Math.atan2,
  FloorDiv: (a, b) => Math.floor(a / b),
  Mod: (a, b) => ((a >= 0 && b >= 0) || (a < 0 && b < 0) ? a % b : ((a % b) + b) % b),
  BitwiseAnd: (a, b) => a & b,
  Equal: (a, b) => Number(a === b),
  NotEqual: (a, b) => Number(a !== b),
  Less: (a, b) => Number(a < b),
  LessEqual: (a, b) => Number(a <= b),
  Greater: (a, b) => Number(a > b),
  GreaterEqual: (a, b) => Number(a >= b),
};

const shapes: readonly [number[], number[]][] = [
  [[], []],
  [[5], []],
  [[], [6]],
  [[7], [7]],
  [[3, 5], [5]],
  [
    [3, 5],
    [3, 1],
  ],
  [
    [3, 1],
    [1, 5],
  ],
  [
    [1, 9],
    [4, 9],
  ],
  [
    [2, 3, 5],
    [3, 1],
  ],
  [
    [2, 1, 5],
    [1, 3, 1],
  ],
  [
    [2, 3, 1, 5],
    [2, 1, 4, 1],
  ],
  [
    [2, 1, 3, 1, 2],
    [1, 4, 1, 3, 2],
  ],
  [[0, 3], [3]],
  [[1000], [1000]],
];

const specials = [0, -0, 1, -1, NaN, Infinity, -Infinity, 1e-40, 3.5, -2.25, 1e30];

it.each(
  binaryFunctions.flatMap((spec) => [
    ...(spec.float32 === false ? [] : [{ ...spec, dtype: 'float32' }]),
    ...(spec.int32 ? [{ ...spec, dtype: 'int32' }] : []),
  ]),
)(
  '$name of $dtype is exact for every pattern of broadcasting',
  ({ name, dtype, comparison, arguments: names = ['a', 'b'] }) => {
    for (const [aShape, bShape] of shapes) {
      const make = (shape: number[], step: number): number[] =>
        Array.from({ length: shape.reduce((p, s) => p * s, 1) }, (_, i) =>
          dtype === 'int32' ? ((i * step) % 13) - 6 : Math.fround(specials[(i * step) % 11]!),
        );
      const [a, b] = [make(aShape, 3), make(bShape, 7)];
      const out = tf.tidy(() =>
        tf.engine().runKernel(name, {
          [names[0]!]: tf.tensor(a, aShape, dtype as 'int32'),
          [names[1]!]: tf.tensor(b, bShape, dtype as 'int32'),
        }),
      ) as tf.Tensor;
      expect(out.dtype).toBe(comparison ? 'bool' : dtype);
      const got = out.dataSync();
      const strides = (shape: number[]): number[] =>
        out.shape.map((_, axis) => {
          const own = axis - (out.shape.length - shape.length);
          return own < 0 || shape[own] === 1 ? 0 : shape.slice(own + 1).reduce((p, s) => p * s, 1);
        });
      const [aStrides, bStrides] = [strides(aShape), strides(bShape)];
      for (const [index, value] of got.entries()) {
        let [rest, i, j] = [index, 0, 0];
        for (let axis = out.shape.length - 1; axis >= 0; axis--) {
          const position = rest % out.shape[axis]!;
          rest = (rest - position) / out.shape[axis]!;
          i += position * aStrides[axis]!;
          j += position * bStrides[axis]!;
        }
        const exact = functions[name]!(a[i]!, b[j]!);
        // Whole numbers are cut off, and division by 0 leaves 0.
        const expected = dtype === 'int32' ? Math.trunc(exact) | 0 : Math.fround(exact);
        if (value !== expected && !(Number.isNaN(value) && Number.isNaN(expected)))
          expect([aShape, bShape, a[i], b[j], value]).toEqual([aShape, bShape, a[i], b[j], expected]);
      }
      out.dispose();
    }
    expect(backend.fallbacks()).toEqual({});
  },
);

it('joins the runs of a broadcast', () => {
  expect(broadcastRuns([8, 4, 5], [5], [8, 4, 5])).toEqual([
    { size: 5, a: true, b: true },
    { size: 32, a: true, b: false },
  ]);
  expect(broadcastRuns([3, 1], [1, 5], [3, 5])).toEqual([
    { size: 5, a: false, b: true },
    { size: 3, a: true, b: false },
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 })), { maxLength: 5 }),
      (dims) => {
        const out = dims.map(([size]) => size);
        const runs = broadcastRuns(
          dims.map(([size, who]) => (who === 1 ? 1 : size)),
          dims.map(([size, who]) => (who === 2 ? 1 : size)),
          out,
        );
        expect(runs.reduce((product, { size }) => product * size, 1)).toBe(
          out.reduce((product, size) => product * size, 1),
        );
      },
    ),
  );
});

it('shares a single tensor that is to be added up', () => {
  const x = tf.tensor1d([1, 2]);
  expect([...tf.addN([x]).dataSync()]).toEqual([1, 2]);
  x.dispose();
  expect(backend.fallbacks()).toEqual({});
});

it('adds many tensors', () => {
  const sum = tf.tidy(() => tf.addN([1, 2, 3, 4].map((value) => tf.fill([9], value))).dataSync());
  expect([...sum]).toEqual(Array.from({ length: 9 }, () => 10));
  expect(backend.fallbacks()).toEqual({});
});
