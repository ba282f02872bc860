import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wasmSimdBackend } from '../../index.js';
import type { WasmSimdBackend } from '../../index.js';

let backend: WasmSimdBackend;

beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend('wasm-simd');
  backend = tf.backend() as WasmSimdBackend;
});

beforeEach(() => backend.resetFallbacks());

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const values = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, index) => Math.sin(index * 12.9898) * 1.5);

describe('a fused convolution', () => {
  const activations = {
    linear: (v: number) => v,
    relu: (v: number) => Math.max(0, v),
    relu6: (v: number) => Math.min(6, Math.max(0, v)),
    elu: (v: number) => (v > 0 ? v : Math.expm1(v)),
    sigmoid: (v: number) => 1 / (1 + Math.exp(-v)),
    leakyrelu: (v: number) => (v > 0 ? v : 0.3 * v),
    prelu: (v: number, channel: number) => (v > 0 ? v : (0.1 * channel - 0.2) * v),
  };

  it.each(Object.keys(activations) as (keyof typeof activations)[])(
    'adds its bias once and applies %s',
    (activation) => {
      for (const size of [1, 3]) {
        const [x, bias] = [values(2 * 6 * 5 * 3), values(6)];
        const dense = { x: [2, 6, 5, 3] as const, filter: [size, size, 6] as const };
        const depthwise = { ...dense, filter: [size, size, 2] as const };
        for (const test of [dense, depthwise]) {
          const isDepthwise = test === depthwise;
          const filterShape: [number, number, number, number] = [size, size, 3, test.filter[2]];
          const filter = values(sizeOf(filterShape));
          const plain = tf.tidy(() =>
            (isDepthwise ? tf.depthwiseConv2d : tf.conv2d)(
              tf.tensor4d(x, [2, 6, 5, 3]),
              tf.tensor4d(filter, filterShape),
              1,
              'same',
            ).dataSync(),
          );
          const got = tf.tidy(() =>
            (isDepthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d)({
              x: tf.tensor4d(x, [2, 6, 5, 3]),
              filter: tf.tensor4d(filter, filterShape),
              strides: 1,
              pad: 'same',
              bias: tf.tensor1d(bias),
              activation,
              preluActivationWeights: tf.tensor1d([-0.2, -0.1, 0, 0.1, 0.2, 0.3]),
              leakyreluAlpha: 0.3,
            }).dataSync(),
          );
          for (const [index, value] of got.entries())
            expect(value).toBeCloseTo(activations[activation](plain[index]! + bias[index % 6]!, index % 6), 5);
        }
      }
      expect(backend.fallbacks()).toEqual({});
    },
  );

  it('keeps a NaN through relu', () => {
    const y = tf.tidy(() =>
      tf.fused
        .conv2d({
          x: tf.fill<tf.Rank.R4>([1, 4, 4, 1], NaN),
          filter: tf.ones([2, 2, 1, 4]),
          strides: 1,
          pad: 'valid',
          activation: 'relu',
        })
        .dataSync(),
    );
    expect([...new Set(y)]).toEqual([NaN]);
  });
});
