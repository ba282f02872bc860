import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WasmSimdBackend } from '../../index.js';
import { binaries, randomNumbers, runKernel, useBinary } from '../../../testing/binaries.js';

type Three = [number, number, number];

interface Case {
  readonly x: [number, number, number, number, number];
  /** Depth, height and width of the filter, and channels of the output. */
  readonly filter: [number, number, number, number];
  readonly strides?: Three;
  readonly dilations?: Three;
  readonly pad: 'same' | 'valid';
}

const cases: readonly Case[] = [
  { x: [1, 1, 1, 1, 1], filter: [1, 1, 1, 1], pad: 'valid' },
  { x: [2, 4, 5, 6, 3], filter: [2, 3, 3, 5], pad: 'valid' },
  { x: [2, 4, 5, 6, 3], filter: [3, 3, 3, 4], pad: 'same' },
  { x: [1, 7, 6, 5, 2], filter: [3, 2, 3, 3], strides: [2, 2, 2], pad: 'same' },
  { x: [2, 7, 6, 5, 2], filter: [2, 2, 1, 3], strides: [3, 1, 2], pad: 'valid' },
  { x: [3, 2, 4, 4, 16], filter: [5, 3, 3, 16], pad: 'same' },
  { x: [1, 5, 5, 5, 2], filter: [2, 2, 2, 2], dilations: [2, 1, 2], pad: 'same' },
  { x: [0, 3, 3, 3, 2], filter: [2, 2, 2, 2], pad: 'same' },
];

/** Forward result and both gradients in float64. */
function reference(
  info: tf.backend_util.Conv3DInfo,
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
): { y: Float64Array; dx: Float64Array; dw: Float64Array } {
  const result = {
    y: new Float64Array(dy.length),
    dx: new Float64Array(x.length),
    dw: new Float64Array(w.length),
  };
  const { inChannels: c, outChannels: f, padInfo } = info;
  const at = (size: Three, [z, row, column]: Three, sample: number): number =>
    ((sample * size[0] + z) * size[1] + row) * size[2] + column;
  const inside: Three = [info.inDepth, info.inHeight, info.inWidth];
  const outside: Three = [info.outDepth, info.outHeight, info.outWidth];
  const taps: Three = [info.filterDepth, info.filterHeight, info.filterWidth];
  const each = (size: Three): Three[] =>
    Array.from({ length: size[0] * size[1] * size[2] }, (_, index) => [
      Math.floor(index / size[1] / size[2]),
      Math.floor(index / size[2]) % size[1],
      index % size[2],
    ]);
  for (let sample = 0; sample < info.batchSize; sample++) {
    for (const out of each(outside)) {
      for (const tap of each(taps)) {
        const cell: Three = [
          out[0] * info.strideDepth + tap[0] * info.dilationDepth - padInfo.front,
          out[1] * info.strideHeight + tap[1] * info.dilationHeight - padInfo.top,
          out[2] * info.strideWidth + tap[2] * info.dilationWidth - padInfo.left,
        ];
        if (cell.some((place, axis) => place < 0 || place >= inside[axis]!)) continue;
        for (let i = 0; i < c; i++) {
          for (let o = 0; o < f; o++) {
            const a = at(inside, cell, sample) * c + i;
            const b = (at(taps, tap, 0) * c + i) * f + o;
            const to = at(outside, out, sample) * f + o;
            result.y[to]! += x[a]! * w[b]!;
            result.dx[a]! += dy[to]! * w[b]!;
            result.dw[b]! += x[a]! * dy[to]!;
          }
        }
      }
    }
  }
  return result;
}

const close = (got: Float32Array, expected: Float64Array): void => {
  expect(got.length).toBe(expected.length);
  for (const [index, value] of got.entries())
    expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-5 * (3 + Math.abs(expected[index]!)));
};

describe.each(binaries)('$variant', (binary) => {
  let backend: WasmSimdBackend;
  beforeAll(async () => {
    backend = await useBinary(binary);
    backend.resetFallbacks();
  });

  it.each(cases)(
    'a convolution of %o has the right numbers and gradients',
    ({ x, filter, strides = [1, 1, 1], dilations = [1, 1, 1], pad }) => {
      const shape = [...filter.slice(0, 3), x[4], filter[3]] as [number, number, number, number, number];
      const info = tf.backend_util.computeConv3DInfo(x, shape, strides, dilations, pad);
      const [values, weights, slopes] = [x, shape, info.outShape].map((size, index) =>
        randomNumbers(tf.util.sizeFromShape(size), index + 1),
      ) as [Float32Array, Float32Array, Float32Array];
      const expected = reference(info, values, weights, slopes);
      const before = { tensors: tf.memory().numTensors, ids: backend.numDataIds() };
      const given = {
        x: tf.tensor(values, x),
        filter: tf.tensor(weights, shape),
        dy: tf.tensor(slopes, info.outShape),
      };
      const attrs = { strides, dilations, pad, dataFormat: 'NDHWC' };
      close(runKernel('Conv3D', { x: given.x, filter: given.filter }, attrs)[0]!, expected.y);
      const toInput = runKernel(
        'Conv3DBackpropInputV2',
        { dy: given.dy, filter: given.filter },
        { ...attrs, inputShape: x },
      );
      close(toInput[0]!, expected.dx);
      const toFilter = runKernel(
        'Conv3DBackpropFilterV2',
        { x: given.x, dy: given.dy },
        { ...attrs, filterShape: shape },
      );
      close(toFilter[0]!, expected.dw);
      tf.dispose(given);
      expect(backend.fallbacks()).toEqual({});
      expect({ tensors: tf.memory().numTensors, ids: backend.numDataIds() }).toEqual(before);
    },
  );
});
