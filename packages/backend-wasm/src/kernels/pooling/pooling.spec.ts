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

let state = 5;
const random = (): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32) * 2 - 1;
const values = (size: number): Float32Array => Float32Array.from({ length: size }, random);
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

interface Case {
  /** [batch, depth, height, width, channels]; depth 1 runs in two dimensions. */
  readonly x: readonly [number, number, number, number, number];
  readonly size: readonly [number, number, number];
  readonly strides: readonly [number, number, number];
  readonly pad: 'same' | 'valid' | number;
}

/** The cells of each window that exist, in their order, for each place of the output. */
function windows(test: Case, outShape: readonly number[], pads: readonly number[]): number[][] {
  const [batch, ...inner] = test.x;
  const channels = inner[3]!;
  const result: number[][] = [];
  for (let index = 0; index < sizeOf(outShape); index++) {
    const channel = index % channels;
    let rest = Math.floor(index / channels);
    const begin = [0, 0, 0];
    for (const axis of [2, 1, 0]) {
      begin[axis] = (rest % outShape[axis + 1]!) * test.strides[axis]! - pads[axis]!;
      rest = Math.floor(rest / outShape[axis + 1]!);
    }
    const found: number[] = [];
    for (let tap = 0; tap < sizeOf(test.size); tap++) {
      const [, height, width] = test.size;
      const z = begin[0]! + Math.floor(tap / (height * width));
      const y = begin[1]! + (Math.floor(tap / width) % height);
      const x = begin[2]! + (tap % width);
      if (z < 0 || y < 0 || x < 0 || z >= inner[0]! || y >= inner[1]! || x >= inner[2]! || rest >= batch) continue;
      found.push((((rest * inner[0]! + z) * inner[1]! + y) * inner[2]! + x) * channels + channel);
    }
    result.push(found);
  }
  return result;
}

function expectPooling(average: boolean, test: Case, x: Float32Array = values(sizeOf(test.x))): void {
  const flat = test.x[1] === 1 && test.size[0] === 1;
  const pick = (list: readonly number[]): number[] => (flat ? [list[0]!, ...list.slice(2)] : [...list]);
  const window = [flat ? test.size.slice(1) : test.size, flat ? test.strides.slice(1) : test.strides, 1, test.pad];
  const compute = (flat ? tf.backend_util.computePool2DInfo : tf.backend_util.computePool3DInfo) as (
    ...all: unknown[]
  ) => tf.backend_util.Conv3DInfo;
  const info = compute(pick(test.x), ...window);
  const outShape = flat ? [info.outShape[0], 1, ...info.outShape.slice(1)] : [...info.outShape];
  const places = windows(test, outShape, [info.padInfo.front ?? 0, info.padInfo.top, info.padInfo.left]);
  const dy = values(places.length);
  const y = new Float64Array(places.length);
  const dx = new Float64Array(x.length);
  for (const [index, cells] of places.entries()) {
    if (average) {
      y[index] = cells.reduce((sum, cell) => sum + x[cell]!, 0) / Math.max(1, cells.length);
      for (const cell of cells) dx[cell]! += dy[index]! / cells.length;
    } else {
      let best = -1;
      y[index] = -Infinity;
      for (const cell of cells) {
        if (!(x[cell]! > y[index]!)) continue;
        y[index] = x[cell]!;
        best = cell;
      }
      if (best >= 0) dx[best]! += dy[index]!;
    }
  }
  const name = `${average ? 'Avg' : 'Max'}Pool${flat ? '' : '3D'}`;
  const attrs = {
    filterSize: flat ? test.size.slice(1) : test.size,
    strides: flat ? test.strides.slice(1) : test.strides,
    pad: test.pad,
  } as unknown as tf.NamedAttrMap;
  tf.tidy(() => {
    const input = tf.tensor(x, pick(test.x));
    const got = tf.engine().runKernel(name, { x: input }, attrs) as tf.Tensor;
    expect(got.shape).toEqual(pick(outShape));
    expectClose([name, test], got.dataSync(), y);
    const gradient = tf.tensor(dy, got.shape);
    const back = tf.engine().runKernel(`${name}Grad`, { dy: gradient, input, output: got }, attrs) as tf.Tensor;
    expectClose([`${name}Grad`, test], back.dataSync(), dx);
  });
  expect(backend.fallbacks()).toEqual({});
}

function expectClose(what: unknown, got: ArrayLike<number>, expected: Float64Array): void {
  expect(got.length).toBe(expected.length);
  for (let index = 0; index < got.length; index++) {
    const [a, b] = [got[index]!, expected[index]!];
    if (!(Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-5)) expect([what, index, a]).toEqual([what, index, b]);
  }
}

describe.each([
  ['maximum', false],
  ['average', true],
] as const)('a pooling to the %s, with its gradient', (_name, average) => {
  it('is right for all sizes, strides and paddings', () => {
    for (const channels of [1, 3, 4, 5, 8, 16, 19]) {
      for (const size of [1, 2, 3]) {
        for (const stride of [1, 2, 3]) {
          for (const pad of ['same', 'valid', 1] as const) {
            expectPooling(average, {
              x: [3, 1, 7, 6, channels],
              size: [1, size, 2],
              strides: [1, stride, stride],
              pad,
            });
          }
        }
      }
    }
  });

  it('is right in three dimensions', () => {
    for (const channels of [1, 5]) {
      for (const pad of ['same', 'valid', 1] as const) {
        expectPooling(average, { x: [2, 4, 5, 6, channels], size: [2, 3, 2], strides: [2, 1, 2], pad });
        expectPooling(average, { x: [1, 3, 4, 4, channels], size: [2, 2, 2], strides: [2, 2, 2], pad });
      }
    }
  });

  it('is right for a window larger than the input, and for no input', () => {
    expectPooling(average, { x: [2, 1, 2, 3, 4], size: [1, 5, 5], strides: [1, 2, 2], pad: 'same' });
    expectPooling(average, { x: [0, 1, 4, 4, 4], size: [1, 2, 2], strides: [1, 2, 2], pad: 'valid' });
    expectPooling(average, { x: [2, 1, 1, 1, 3], size: [1, 2, 2], strides: [1, 2, 2], pad: 'valid' });
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    for (let round = 0; round < 5; round++)
      expectPooling(average, { x: [1, 1, 4, 4, 3], size: [1, 2, 2], strides: [1, 2, 2], pad: 'same' });
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('takes the first of equal cells, and passes over NaN, in windows of any size', () => {
  for (const size of [2, 3] as const) {
    const x = Float32Array.from({ length: 2 * 6 * 6 * 5 }, (_, index) => [0, 1, 1, NaN, -Infinity][(index * 7) % 5]!);
    const test = { x: [2, 1, 6, 6, 5], size: [1, size, size], strides: [1, 2, 2], pad: 'same' } as const;
    expectPooling(false, test, x);
    expectPooling(false, test, x.fill(NaN));
  }
});

it('has the gradient that finite differences give, at padded edges too', () => {
  for (const kind of ['avg', 'max'] as const) {
    const at = values(5 * 5 * 2);
    const weights = values(3 * 3 * 2);
    const run = (x: tf.Tensor): tf.Scalar =>
      tf.sum(
        tf.mul(
          tf.engine().runKernel(kind === 'avg' ? 'AvgPool' : 'MaxPool', { x }, {
            filterSize: [3, 3],
            strides: [2, 2],
            pad: 'same',
          } as unknown as tf.NamedAttrMap) as tf.Tensor,
          tf.tensor4d(weights, [1, 3, 3, 2]),
        ),
      );
    tf.tidy(() => {
      const input = tf.tensor4d(at, [1, 5, 5, 2]);
      const gradient = tf
        .engine()
        .runKernel(
          kind === 'avg' ? 'AvgPoolGrad' : 'MaxPoolGrad',
          { dy: tf.tensor4d(weights, [1, 3, 3, 2]), input, output: input },
          {
            filterSize: [3, 3],
            strides: [2, 2],
            pad: 'same',
          } as unknown as tf.NamedAttrMap,
        ) as tf.Tensor;
      const got = gradient.dataSync();
      for (let index = 0; index < at.length; index++) {
        const value = (step: number): number => {
          const moved = at.slice();
          moved[index]! += step;
          return run(tf.tensor4d(moved, [1, 5, 5, 2])).dataSync()[0]!;
        };
        expect(got[index]).toBeCloseTo((value(1e-3) - value(-1e-3)) / 2e-3, 2);
      }
    });
  }
});
