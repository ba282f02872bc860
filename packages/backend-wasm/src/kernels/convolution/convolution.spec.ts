import * as tf from '@tensorflow/tfjs-core';
import type { backend_util } from '@tensorflow/tfjs-core';
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

let state = 11;
const random = (): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32) * 2 - 1;
const values = (size: number): Float32Array => Float32Array.from({ length: size }, random);
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];

interface Case {
  readonly x: readonly [number, number, number, number];
  /** Height and width of the filter, and channels of the output, or copies of each channel. */
  readonly filter: readonly [number, number, number];
  readonly strides?: [number, number];
  readonly dilations?: [number, number];
  readonly pad?: Pad;
}

/** Calls back with the places in x, filter and y of each product that a convolution sums. */
function forEachTerm(
  info: backend_util.Conv2DInfo,
  depthwise: boolean,
  callback: (x: number, filter: number, y: number) => void,
): void {
  const { inChannels, outChannels } = info;
  const copies = depthwise ? outChannels / inChannels : outChannels;
  for (let pixel = 0; pixel < info.batchSize * info.outHeight * info.outWidth; pixel++) {
    const outColumn = pixel % info.outWidth;
    const outRow = Math.floor(pixel / info.outWidth) % info.outHeight;
    const image = Math.floor(pixel / info.outWidth / info.outHeight);
    for (let tap = 0; tap < info.filterHeight * info.filterWidth; tap++) {
      const tapColumn = tap % info.filterWidth;
      const tapRow = Math.floor(tap / info.filterWidth);
      const row = outRow * info.strideHeight + tapRow * info.dilationHeight - info.padInfo.top;
      const column = outColumn * info.strideWidth + tapColumn * info.dilationWidth - info.padInfo.left;
      if (row < 0 || row >= info.inHeight || column < 0 || column >= info.inWidth) continue;
      const x = ((image * info.inHeight + row) * info.inWidth + column) * inChannels;
      for (let channel = 0; channel < inChannels; channel++) {
        for (let m = 0; m < copies; m++) {
          const filter = (tap * inChannels + channel) * copies + m;
          callback(x + channel, filter, pixel * outChannels + (depthwise ? channel * copies + m : m));
        }
      }
    }
  }
}

/** The forward result and both gradients in float64, each with the sum of absolute terms, which scales its rounding error. */
function reference(
  info: backend_util.Conv2DInfo,
  depthwise: boolean,
  x: Float32Array,
  filter: Float32Array,
  dy: Float32Array,
): Record<'y' | 'dx' | 'dw', [Float64Array, Float64Array]> {
  const pair = (size: number): [Float64Array, Float64Array] => [new Float64Array(size), new Float64Array(size)];
  const result = { y: pair(dy.length), dx: pair(x.length), dw: pair(filter.length) };
  const add = ([sum, scale]: [Float64Array, Float64Array], at: number, term: number): void => {
    sum[at]! += term;
    scale[at]! += Math.abs(term);
  };
  forEachTerm(info, depthwise, (a, b, c) => {
    add(result.y, c, x[a]! * filter[b]!);
    add(result.dx, a, dy[c]! * filter[b]!);
    add(result.dw, b, x[a]! * dy[c]!);
  });
  return result;
}

function expectClose(what: unknown, got: ArrayLike<number>, [sum, scale]: [Float64Array, Float64Array]): void {
  expect(got.length).toBe(sum.length);
  for (let index = 0; index < got.length; index++) {
    const allowed = scale[index]! * 2 ** -24 * 24 + 1e-30;
    if (!(Math.abs(got[index]! - sum[index]!) <= allowed))
      expect([what, index, got[index]]).toEqual([what, index, sum[index]]);
  }
}

/** Runs the three kernels of a convolution on one case and compares. */
function expectConvolution(depthwise: boolean, test: Case): void {
  const { x: shape, filter: size, strides = [1, 1], dilations = [1, 1], pad = 'same' } = test;
  const filterShape: [number, number, number, number] = [size[0], size[1], shape[3], size[2]];
  const info = tf.backend_util.computeConv2DInfo(
    [...shape],
    filterShape,
    strides,
    dilations,
    pad,
    undefined,
    depthwise,
  );
  const [x, filter, dy] = [values(sizeOf(shape)), values(sizeOf(filterShape)), values(sizeOf(info.outShape))];
  const expected = reference(info, depthwise, x, filter, dy);
  const attrs = { strides, dilations, pad, dataFormat: 'NHWC' };
  const run = (kernel: string, inputs: Record<string, tf.Tensor>, more: object = {}): tf.Tensor =>
    tf.engine().runKernel(kernel, inputs, { ...attrs, ...more } as unknown as tf.NamedAttrMap);
  tf.tidy(() => {
    const input = tf.tensor(x, [...shape]);
    const weights = tf.tensor(filter, filterShape);
    const gradient = tf.tensor(dy, info.outShape);
    const names = depthwise
      ? ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter']
      : ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'];
    expectClose([names[0], test], run(names[0]!, { x: input, filter: weights }).dataSync(), expected.y);
    // tfjs gives the gradients of a dense convolution no dilation.
    if (!depthwise && (dilations[0] > 1 || dilations[1] > 1)) return;
    const dx = run(names[1]!, { dy: gradient, filter: weights }, { inputShape: shape });
    expectClose([names[1], test], dx.dataSync(), expected.dx);
    const dw = run(names[2]!, { x: input, dy: gradient }, { filterShape });
    expectClose([names[2], test], dw.dataSync(), expected.dw);
  });
}

describe.each([
  ['dense', false],
  ['depthwise', true],
] as const)('a %s convolution with both gradients', (_name, depthwise) => {
  it('is right for strides, dilations, paddings and sizes around a vector', () => {
    for (const channels of [1, 3, 4, 5, 8, 16]) {
      for (const outputs of depthwise ? [1, 2, 3] : [1, 3, 8, 11]) {
        for (const pad of ['same', 'valid', 2] as const) {
          for (const stride of [1, 2, 3]) {
            const x = [3, 7, 9, channels] as const;
            expectConvolution(depthwise, { x, filter: [3, 3, outputs], strides: [stride, stride], pad });
          }
          expectConvolution(depthwise, { x: [1, 9, 8, channels], filter: [3, 2, outputs], dilations: [2, 2], pad });
          expectConvolution(depthwise, { x: [1, 9, 8, channels], filter: [2, 3, outputs], dilations: [1, 2], pad });
        }
      }
    }
    expect(backend.fallbacks()).toEqual({});
  });

  it.each<Case>([
    { x: [2, 5, 6, 3], filter: [1, 1, 4] },
    { x: [2, 5, 6, 3], filter: [1, 1, 4], strides: [2, 2] },
    { x: [2, 5, 6, 3], filter: [1, 1, 4], pad: 1 },
    { x: [1, 6, 7, 4], filter: [2, 5, 2], strides: [3, 1] },
    { x: [1, 2, 3, 2], filter: [5, 7, 3] },
    { x: [2, 3, 3, 2], filter: [4, 4, 2], pad: 3 },
    { x: [2, 4, 5, 3], filter: [2, 2, 3], strides: [3, 3] },
    { x: [2, 4, 5, 3], filter: [2, 2, 3], strides: [3, 3], pad: 4 },
    {
      x: [1, 5, 4, 3],
      filter: [3, 3, 2],
      pad: [
        [0, 0],
        [2, 0],
        [1, 3],
        [0, 0],
      ],
    },
    { x: [3, 1, 1, 5], filter: [3, 3, 6] },
    { x: [40, 2, 2, 3], filter: [2, 2, 5], pad: 'valid' },
    { x: [1, 70, 65, 2], filter: [3, 3, 3] },
    { x: [1, 3, 2100, 1], filter: [1, 5, 2] },
    { x: [1, 6, 6, 300], filter: [3, 3, 2] },
    { x: [3, 4, 4, 16], filter: [3, 3, 16] },
    { x: [3, 7, 9, 16], filter: [3, 3, 20] },
    { x: [5, 8, 6, 20], filter: [3, 3, 24], pad: 'valid' },
    { x: [70, 11, 5, 16], filter: [3, 3, 16], pad: 'valid' },
    { x: [2, 61, 33, 28], filter: [3, 3, 36], pad: 2 },
    { x: [2, 16, 17, 16], filter: [6, 5, 16], strides: [2, 2] },
    {
      x: [1, 9, 9, 16],
      filter: [3, 3, 16],
      pad: [
        [0, 0],
        [3, 0],
        [0, 2],
        [0, 0],
      ],
    },
  ])('is right for %o', (test) => {
    expectConvolution(depthwise, test);
    expect(backend.fallbacks()).toEqual({});
  });

  it('of nothing is nothing, and its filter has no gradient', () => {
    expectConvolution(depthwise, { x: [0, 5, 6, 3], filter: [3, 3, 2] });
    expectConvolution(depthwise, { x: [2, 2, 2, 3], filter: [3, 3, 2], pad: 'valid' });
    expect(backend.fallbacks()).toEqual({});
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    for (let round = 0; round < 5; round++) expectConvolution(depthwise, { x: [1, 5, 5, 3], filter: [3, 3, 2] });
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('gives channels first to the fallback, with the same numbers', () => {
  const got = tf.tidy(() => {
    const x = tf.tensor4d(values(2 * 3 * 5 * 6), [2, 5, 6, 3]);
    const filter = tf.tensor4d(values(27 * 4), [3, 3, 3, 4]);
    const last = tf.conv2d(x, filter, 1, 'same');
    const first = tf.conv2d(tf.transpose(x, [0, 3, 1, 2]) as tf.Tensor4D, filter, 1, 'same', 'NCHW');
    return tf.max(tf.abs(tf.sub(tf.transpose(first, [0, 2, 3, 1]), last))).dataSync()[0];
  });
  expect(got).toBeLessThan(1e-5);
});

it('gives the gradients of an output whose size was rounded up', () => {
  const [x, filter] = [values(2 * 6 * 6 * 3), values(27 * 4)];
  const shape: [number, number, number, number] = [3, 3, 3, 4];
  const info = tf.backend_util.computeConv2DInfo([2, 6, 6, 3], shape, 2, 1, 0, 'ceil');
  expect(info.outHeight).toBe(3);
  const { dx, dw } = reference(info, false, x, filter, new Float32Array(sizeOf(info.outShape)).fill(1));
  tf.tidy(() => {
    const inputs = { x: tf.tensor4d(x, [2, 6, 6, 3]), dy: tf.ones(info.outShape), filter: tf.tensor4d(filter, shape) };
    const attrs = { strides: 2, pad: 0, dataFormat: 'NHWC', filterShape: shape, inputShape: [2, 6, 6, 3] };
    const run = (kernel: string): tf.Tensor =>
      tf.engine().runKernel(kernel, inputs, attrs as unknown as tf.NamedAttrMap);
    expectClose('dx', run('Conv2DBackpropInput').dataSync(), dx);
    expectClose('dw', run('Conv2DBackpropFilter').dataSync(), dw);
  });
});

it.each([3, 16])('has the gradients that finite differences give, with %i channels', (channels) => {
  const shape: [number, number, number, number] = [1, 6, 7, channels];
  const filterShape: [number, number, number, number] = [3, 3, channels, channels];
  const [x, filter] = [values(sizeOf(shape)), values(sizeOf(filterShape))];
  const weights = values(sizeOf(shape));
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', inputShape: shape, filterShape };
  const run = (kernel: string, inputs: Record<string, tf.Tensor>): ArrayLike<number> =>
    (tf.engine().runKernel(kernel, inputs, attrs as unknown as tf.NamedAttrMap) as tf.Tensor).dataSync();
  tf.tidy(() => {
    // The sum of the output, weighted: linear in x and in the filter, so that a step may be large.
    const value = (a: Float32Array, b: Float32Array): number => {
      const y = run('Conv2D', { x: tf.tensor(a, shape), filter: tf.tensor(b, filterShape) });
      return weights.reduce((sum, weight, index) => sum + weight * y[index]!, 0);
    };
    const inputs = { x: tf.tensor(x, shape), filter: tf.tensor(filter, filterShape), dy: tf.tensor(weights, shape) };
    const [dx, dw] = [run('Conv2DBackpropInput', inputs), run('Conv2DBackpropFilter', inputs)];
    const moved = (list: Float32Array, index: number, step: number): Float32Array =>
      list.map((each, at) => (at === index ? each + step : each));
    for (let sample = 0; sample < 20; sample++) {
      const [i, j] = [(sample * 97) % x.length, (sample * 31) % filter.length];
      expect(dx[i]).toBeCloseTo((value(moved(x, i, 1), filter) - value(moved(x, i, -1), filter)) / 2, 3);
      expect(dw[j]).toBeCloseTo((value(x, moved(filter, j, 1)) - value(x, moved(filter, j, -1))) / 2, 3);
    }
  });
});

it('of a transposed convolution is right', () => {
  const got = tf.tidy(() => [
    ...tf.conv2dTranspose(tf.ones<tf.Rank.R4>([1, 2, 2, 1]), tf.ones([3, 3, 1, 1]), [1, 4, 4, 1], 2, 'same').dataSync(),
  ]);
  expect(got).toEqual([1, 1, 2, 1, 1, 1, 2, 1, 2, 2, 4, 2, 1, 1, 2, 1]);
});

it.each([
  ['Conv2D', { x: [1, 4, 4, 3], filter: [2, 2, 5, 2] }, {}],
  ['Conv2DBackpropInput', { dy: [1, 3, 3, 2], filter: [2, 2, 5, 2] }, { inputShape: [1, 4, 4, 3] }],
  ['Conv2DBackpropFilter', { x: [1, 4, 4, 3], dy: [1, 3, 3, 2] }, { filterShape: [2, 2, 5, 2] }],
  [
    'Conv2DBackpropFilter',
    { x: [1, 9, 9, 3], dy: [1, 4, 4, 2] },
    { filterShape: [2, 2, 3, 2], strides: [2, 2], dilations: [2, 2] },
  ],
] as const)('%s names what it got where shapes do not fit together', (name, shapes, attrs) => {
  const inputs = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, tf.ones([...shape])]));
  const run = (): unknown =>
    tf.engine().runKernel(name, inputs, { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', ...attrs } as never);
  expect(run).toThrow(new RegExp(`GS_BACKEND_KERNEL .*backend-wasm/${name}.*float32 \\[`, 's'));
  tf.dispose(inputs);
});
