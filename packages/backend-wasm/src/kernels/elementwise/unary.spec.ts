import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { valuesOf } from '../../../testing/binaries.js';
import { erf } from '../../../testing/erf.js';
import { type WasmSimdBackend, wasmSimdBackend } from '../../index.js';
import { unaryFunctions } from './unary.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  await wasmSimdBackend({ threads: 1 }).start();
  await tf.setBackend('wasm-simd');
  backend = tf.backend() as WasmSimdBackend;
});

beforeEach(() => backend.resetFallbacks());

const run = (name: string, x: Float32Array, attrs = {}): Float32Array =>
  valuesOf(() => tf.engine().runKernel<tf.Tensor>(name, { x: tf.tensor1d(x) }, attrs));

/** Every so many of the float32 numbers, from the smallest to the largest, both signs, all specials. */
function allFloats(stride: number): Float32Array {
  const bits = new Uint32Array(Math.floor(2 ** 32 / stride) + 12);
  for (let index = 0; index < bits.length; index++) bits[index] = index * stride;
  const floats = new Float32Array(bits.buffer);
  floats.set([0, -0, Infinity, -Infinity, NaN, 1, -1, 88.7, -87.3, -103.9, 1e-40, 0.9999999], floats.length - 12);
  return floats;
}

/** The distance in units of the last place of the exact value, rounded into float32's grid; 0 for the float32 that lies nearest. */
function ulps(got: number, exact: number): number {
  const rounded = Math.fround(exact);
  if (got === rounded || (Number.isNaN(got) && Number.isNaN(exact))) return 0;
  if (!Number.isFinite(rounded) || !Number.isFinite(got)) return got === rounded ? 0 : Infinity;
  const unit = 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(exact) || 2 ** -149)) - 23);
  return Math.abs(got - exact) / unit;
}

const transcendental: readonly [string, (x: number) => number, number][] = [
  ['Exp', Math.exp, 2],
  ['Log', Math.log, 2],
  ['Tanh', Math.tanh, 2],
  ['Sigmoid', (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))), 2],
  ['Erf', erf, 2],
  ['Expm1', Math.expm1, 4],
  ['Log1p', Math.log1p, 4],
  ['Softplus', (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 4],
  ['Sin', Math.sin, 1],
  ['Cos', Math.cos, 1],
  ['Tan', Math.tan, 1],
  ['Asin', Math.asin, 1],
  ['Acos', Math.acos, 1],
  ['Atan', Math.atan, 1],
  ['Sinh', Math.sinh, 1],
  ['Cosh', Math.cosh, 1],
  ['Asinh', Math.asinh, 1],
  ['Acosh', Math.acosh, 1],
  ['Atanh', Math.atanh, 1],
];

describe.each(transcendental)('%s', (name, exact, allowed) => {
  const worst = (x: Float32Array): { ulp: number; at: number; got: number; exact: number } => {
    const y = run(name, x);
    let result = { ulp: 0, at: 0, got: 0, exact: 0 };
    for (let index = 0; index < x.length; index++) {
      const ulp = ulps(y[index]!, exact(x[index]!));
      if (!(ulp <= result.ulp)) result = { ulp, at: x[index]!, got: y[index]!, exact: exact(x[index]!) };
    }
    return result;
  };

  it(`is within ${allowed} ulp over all numbers`, () => {
    const result = worst(allFloats(8209));
    if (result.ulp > allowed) expect(result).toEqual('less');
    expect(backend.fallbacks()).toEqual({});
  });

  it(`is within ${allowed} ulp where its formula changes`, () => {
    const result = worst(Float32Array.from({ length: 400_000 }, (_, index) => (index - 200_000) / 20_000));
    if (result.ulp > allowed) expect(result).toEqual('less');
  });
});

const exactFunctions: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Neg: (x) => -x,
  Square: (x) => x * x,
  Sqrt: Math.sqrt,
  Rsqrt: (x) => 1 / Math.fround(Math.sqrt(x)),
  Reciprocal: (x) => 1 / x,
  Ceil: Math.ceil,
  Floor: Math.floor,
  Relu: (x) => Math.max(0, x),
  Relu6: (x) => Math.min(6, Math.max(0, x)),
  LeakyRelu: (x) => (x < 0 ? x * Math.fround(0.3) : x),
  Step: (x) => (Number.isNaN(x) ? NaN : x > 0 ? 1 : 0.5),
  ClipByValue: (x) => (x < -1.5 ? -1.5 : x > 2.5 ? 2.5 : x),
};
const attributes: Readonly<Record<string, object>> = {
  LeakyRelu: { alpha: 0.3 },
  Step: { alpha: 0.5 },
  ClipByValue: { clipValueMin: -1.5, clipValueMax: 2.5 },
};

it.each(Object.entries(exactFunctions))('%s is exact', (name, exact) => {
  const x = allFloats(65_537);
  const y = run(name, x, attributes[name]);
  for (const [index, value] of y.entries()) {
    const expected = Math.fround(exact(x[index]!));
    if (value !== expected && !(Number.isNaN(value) && Number.isNaN(expected)))
      expect([x[index], value]).toEqual([x[index], expected]);
  }
});

it.each([
  ['Abs', Math.abs],
  ['Neg', (x: number) => -x],
  ['Square', (x: number) => Math.imul(x, x)],
  ['Relu', (x: number) => Math.max(0, x)],
] as const)('%s of int32 is exact', (name, exact) => {
  const x = Int32Array.of(0, 1, -1, 5, -7, 40_000, -40_000, 123_456_789, -123_456_789, 2 ** 31 - 1, -(2 ** 31));
  const y = tf.tidy(() => tf.engine().runKernel(name, { x: tf.tensor1d(x, 'int32') })) as tf.Tensor;
  expect([...y.dataSync()]).toEqual([...x].map((value) => Number(BigInt.asIntN(32, BigInt(exact(value)))) + 0));
  expect([y.dtype, backend.fallbacks()]).toEqual(['int32', {}]);
  y.dispose();
});

it('has a test or a conformance spec for each function', () => {
  const tested = new Set([...Object.keys(exactFunctions), ...transcendental.map(([name]) => name)]);
  // These have their definition in tfjs-core's specs: rounding half to even, signs, and the scaled exponentials.
  const byConformance = ['Round', 'Sign', 'Elu', 'Selu'];
  expect(unaryFunctions.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual(byConformance);
});

it.each([0, 1, 3, 4, 5, 15, 16, 17])('writes %i elements and no neighbour', (size) => {
  const y = tf.tidy(() => {
    const before = tf.fill([size], 7);
    const x = tf.fill([size], -2);
    tf.relu(x);
    return tf.abs(tf.add(x, before)).dataSync();
  });
  expect([...y]).toEqual(Array.from({ length: size }, () => 5));
});
