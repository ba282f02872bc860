import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAsCpu, numbersOf, plainMoves, startPlain, type PlainBackend } from '../../testing/plain-backend.js';
import { movementKernels } from '../movement/movement.js';
import { isPointwise } from './convolution-info.js';
import { conv2dKernels, depthwiseKernels, type ConvolutionFinish, type Convolutions } from './convolution.js';
import { conv3dKernels } from './conv3d.js';

/** Convolutions by the kernels of tfjs-backend-cpu, written where they belong. */
function byCpu(names: { plain: string; input: string; filter: string }): Convolutions<PlainBackend, ConvolutionFinish> {
  const write = (
    backend: PlainBackend,
    name: string,
    info: backend_util.Conv2DInfo,
    inputs: Record<string, TensorInfo>,
    to: TensorInfo,
  ): boolean => {
    const { top, bottom, left, right } = info.padInfo;
    const attrs = {
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pad: [[0, 0], [top, bottom], [left, right], [0, 0]], // prettier-ignore
      dataFormat: 'NHWC',
      inputShape: info.inShape,
      filterShape: info.filterShape,
    };
    const call = { inputs: inputs as NamedTensorInfoMap, attrs: attrs as unknown as NamedAttrMap, backend };
    const result = tf.getKernel(name, 'cpu')!.kernelFunc(call) as TensorInfo;
    numbersOf(backend, to).set(numbersOf(backend, result));
    backend.disposeIntermediateTensorInfo(result);
    return true;
  };
  return {
    filled: plainMoves.filled,
    noFinish: { activate: () => undefined },
    finishOf: (backend, { bias, activation, slopes, leakyAlpha }) =>
      ['linear', 'relu', 'prelu', 'leakyrelu'].includes(activation)
        ? {
            activate: (out) =>
              numbersOf(backend, out).forEach((value, index, all) => {
                const sum = value + (bias === undefined ? 0 : numbersOf(backend, bias)[index % bias.shape.at(-1)!]!);
                const slope = slopes === undefined ? leakyAlpha : numbersOf(backend, slopes)[0]!;
                all[index] = activation === 'linear' || sum > 0 ? sum : sum * slope;
              }),
          }
        : undefined,
    forward: (backend, info, x, filter, y) => write(backend, names.plain, info, { x, filter }, y),
    inputGradient: (backend, info, dy, filter, dx) => write(backend, names.input, info, { dy, filter }, dx),
    // Filters of seven rows are left to others.
    filterGradient: (backend, info, x, dy, to) =>
      info.filterHeight !== 7 && write(backend, names.filter, info, { x, dy }, to),
  };
}

const depthwise = 'DepthwiseConv2dNative';
const conv2d = conv2dKernels(
  'plain-backend',
  byCpu({ plain: 'Conv2D', input: 'Conv2DBackpropInput', filter: 'Conv2DBackpropFilter' }),
);
const movement = movementKernels('plain-backend', plainMoves);
let backend: PlainBackend;

beforeAll(async () => {
  backend = await startPlain([
    ...movement,
    ...conv2d,
    ...depthwiseKernels(
      byCpu({ plain: depthwise, input: `${depthwise}BackpropInput`, filter: `${depthwise}BackpropFilter` }),
    ),
    ...conv3dKernels<PlainBackend>('plain-backend', [...conv2d, ...movement], {
      ...plainMoves,
      addTo(own, x, xOffset, y, yOffset, count) {
        const [from, to] = [numbersOf(own, x), numbersOf(own, y)];
        for (let index = 0; index < count; index++) to[yOffset + index]! += from[xOffset + index]!;
      },
    }),
  ]);
});

/** Small whole numbers, whose sums are exact. */
const values = <R extends tf.Rank>(...shape: number[]): tf.Tensor<R> =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => ((index * 7) % 11) - 5),
    shape as never,
  ) as tf.Tensor<R>;
const kernel = (name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attrs as NamedAttrMap);
const fused = (activation: string, bias: number[], slopes?: number[]): tf.Tensor =>
  kernel(
    'FusedConv2D',
    {
      x: values(1, 4, 4, 2),
      filter: values(2, 2, 2, 3),
      bias: tf.tensor1d(bias),
      ...(slopes && { preluActivationWeights: tf.tensor1d(slopes) }),
    },
    { strides: [1, 1], pad: 'valid', dilations: [1, 1], dataFormat: 'NHWC', activation },
  );
const gradient = { strides: [2, 1], pad: 'same', dilations: [1, 1], dataFormat: 'NHWC', dimRoundingMode: 'floor' };
const deep = { strides: [1, 2, 1], pad: 'same', dataFormat: 'NDHWC', dilations: [1, 1, 1] };

describe('convolutions', () => {
  it.each<[string, () => tf.Tensor]>([
    ['two dimensions', () => tf.conv2d(values<tf.Rank.R4>(2, 5, 5, 2), values<tf.Rank.R4>(3, 2, 2, 4), [2, 1], 'same')],
    ['a bias and a slope', () => fused('prelu', [1, -2, 3], [0.5])],
    [
      'the gradient of the input',
      () =>
        kernel(
          'Conv2DBackpropInput',
          { dy: values(1, 3, 4, 3), filter: values(3, 3, 2, 3) },
          { ...gradient, inputShape: [1, 5, 4, 2] },
        ),
    ],
    [
      'the gradient of the filter',
      () =>
        kernel(
          'Conv2DBackpropFilter',
          { x: values(1, 5, 4, 2), dy: values(1, 3, 4, 3) },
          { ...gradient, filterShape: [3, 3, 2, 3] },
        ),
    ],
    [
      'no images',
      () =>
        kernel(
          'Conv2DBackpropFilter',
          { x: values(0, 5, 4, 2), dy: values(0, 3, 4, 3) },
          { ...gradient, filterShape: [3, 3, 2, 3] },
        ),
    ],
    [
      'each channel by itself',
      () => tf.depthwiseConv2d(values<tf.Rank.R4>(1, 5, 5, 2), values<tf.Rank.R4>(3, 3, 2, 2), 1, 'valid'),
    ],
    [
      'three dimensions',
      () => tf.conv3d(values<tf.Rank.R5>(2, 5, 4, 3, 2), values<tf.Rank.R5>(3, 2, 2, 2, 2), [2, 1, 1], 'same'),
    ],
    [
      'the gradient of the input in three',
      () =>
        kernel(
          'Conv3DBackpropInputV2',
          { dy: values(1, 4, 2, 3, 2), filter: values(3, 2, 2, 2, 2) },
          { ...deep, inputShape: [1, 4, 4, 3, 2] },
        ),
    ],
    [
      'the gradient of the filter in three',
      () =>
        kernel(
          'Conv3DBackpropFilterV2',
          { x: values(1, 4, 4, 3, 2), dy: values(1, 4, 2, 3, 2) },
          { ...deep, filterShape: [3, 2, 2, 2, 2] },
        ),
    ],
  ])('of %s', async (_, run) => expectAsCpu(run));

  it.each([
    ['an activation that is not known', () => fused('tanh', [1, 2, 3])],
    ['slopes that do not fit', () => fused('prelu', [1, 2, 3], [1, 2])],
    ['a bias that does not fit', () => fused('linear', [1, 2])],
  ])('with %s are tfjs-backend-cpu’s', (_, run) => {
    backend.fallen.length = 0;
    tf.tidy(() => {
      try {
        run();
      } catch {
        // It refuses some.
      }
    });
    expect(backend.fallen[0]).toBe('FusedConv2D');
  });

  it('that are not written leave no tensor', () => {
    backend.fallen.length = 0;
    const before = backend.numDataIds();
    const inputs = { x: values(1, 9, 4, 1), dy: values(1, 5, 4, 1) };
    tf.dispose(kernel('Conv2DBackpropFilter', inputs, { ...gradient, filterShape: [7, 3, 1, 1] }));
    tf.dispose(inputs);
    expect([backend.fallen, backend.numDataIds()]).toEqual([['Conv2DBackpropFilter'], before]);
  });

  it('that tfjs-backend-cpu would compute wrongly are refused', () => {
    const refused = (inputs: Record<string, tf.Tensor>, name: string, attrs: object): void =>
      expect(() => tf.tidy(() => kernel(name, inputs, attrs))).toThrow(
        expect.objectContaining({
          code: 'GS_BACKEND_KERNEL',
          message: expect.stringContaining(`plain-backend/${name}`),
        }),
      );
    refused({ x: values(1, 4, 4, 2), filter: values(2, 2, 3, 3) }, 'Conv2D', { ...gradient, strides: 1 });
    const attrs = { ...gradient, dilations: [2, 2], inputShape: [1, 5, 4, 2] };
    refused({ dy: values(1, 3, 4, 3), filter: values(3, 3, 2, 3) }, 'Conv2DBackpropInput', attrs);
  });

  it('of one tap and each pixel by itself are known', () => {
    const info = (size: number, stride: number, pad: number | 'same'): boolean =>
      isPointwise(tf.backend_util.computeConv2DInfo([1, 4, 4, 2], [size, size, 2, 3], stride, 1, pad));
    expect([info(1, 1, 'same'), info(1, 2, 'same'), info(1, 1, 1), info(2, 1, 'same')]).toEqual([true, false, false, false]); // prettier-ignore
  });
});
