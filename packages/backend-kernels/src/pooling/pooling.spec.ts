import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAsCpu, numbersOf, plainMoves, startPlain, type PlainBackend } from '../../testing/plain-backend.js';
import { poolingInfo, poolingWords } from './pooling-info.js';
import { poolingKernels, type PoolingKind } from './pooling.js';

const ran: (readonly [PoolingKind, readonly number[]])[] = [];

beforeAll(() =>
  startPlain(
    poolingKernels<PlainBackend>({
      filled: plainMoves.filled,
      pool(backend, kind, info, x, y) {
        ran.push([kind, info.outShape]);
        const [from, to] = [numbersOf(backend, x), numbersOf(backend, y)];
        // One image of one channel and one place deep.
        for (let index = 0; index < to.length; index++) {
          const [row, column] = [Math.floor(index / info.outWidth), index % info.outWidth];
          const window: number[] = [];
          for (let tap = 0; tap < info.filterHeight * info.filterWidth; tap++) {
            const at = row * info.strideHeight - info.padInfo.top + Math.floor(tap / info.filterWidth);
            const beside = column * info.strideWidth - info.padInfo.left + (tap % info.filterWidth);
            if (at < 0 || beside < 0 || at >= info.inHeight || beside >= info.inWidth) continue;
            window.push(from[at * info.inWidth + beside]!);
          }
          to[index] =
            kind === 'maximum' ? Math.max(...window) : window.reduce((sum, value) => sum + value, 0) / window.length;
        }
      },
      poolGradient: (_, kind, info, x, dy, dx) =>
        void ran.push([kind, [info.outHeight, info.outWidth, x.shape[1]!, dy.shape[1]!, dx.shape[1]!]]),
    }),
  ),
);

const image = (): tf.Tensor4D => tf.tensor4d([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3], [1, 4, 4, 1]);

describe('pooling', () => {
  it.each<[string, () => tf.Tensor]>([
    ['a maximum', () => tf.maxPool(image(), [2, 2], [2, 2], 'valid')],
    ['a maximum with padding', () => tf.maxPool(image(), [3, 3], [1, 1], 'same')],
    ['an average', () => tf.avgPool(image(), [3, 2], [2, 1], 'same')],
    ['a window of one place', () => tf.maxPool(image(), [1, 1], [1, 1], 'valid')],
    ['no images', () => tf.avgPool(tf.zeros([0, 4, 4, 1]) as tf.Tensor4D, [2, 2], [2, 2], 'valid')],
  ])('%s', async (_, run) => expectAsCpu(run));

  const gradient = (name: string, dy: tf.Tensor4D, pad: unknown): tf.Tensor =>
    tf.engine().runKernel<tf.Tensor>(name, { dy, input: image() }, {
      filterSize: [2, 2],
      strides: [2, 2],
      pad,
      dimRoundingMode: 'floor',
    } as unknown as NamedAttrMap);

  it('a gradient says which kind it is, with the size that the output has', async () => {
    await tf.setBackend('plain');
    ran.length = 0;
    tf.tidy(() => {
      gradient('MaxPoolGrad', tf.ones([1, 2, 2, 1]), 'valid');
      gradient('AvgPoolGrad', tf.ones([1, 3, 3, 1]), 'valid');
      gradient('AvgPoolGrad', tf.ones([1, 2, 2, 1]), [[0, 0], [0, 0], [0, 0], [0, 0]]); // prettier-ignore
    });
    expect(ran).toEqual([
      ['maximum', [2, 2, 4, 2, 4]],
      ['average', [3, 3, 4, 3, 4]],
      ['wholeAverage', [2, 2, 4, 2, 4]],
    ]);
  });

  it('a gradient of no windows is zero', () => {
    const dx = tf.tidy(() =>
      tf.engine().runKernel<tf.Tensor>(
        'MaxPoolGrad',
        { dy: tf.zeros([1, 0, 0, 1]), input: tf.ones([1, 1, 1, 1]) },
        {
          filterSize: [2, 2],
          strides: [1, 1],
          pad: 'valid',
        },
      ),
    );
    expect([...dx.dataSync()]).toEqual([0]);
    dx.dispose();
  });
});

describe('what tfjs-core makes of shapes and attributes', () => {
  const x: TensorInfo = { dataId: {}, shape: [2, 5, 6, 3], dtype: 'float32' };
  const attrs = { filterSize: [2, 3], strides: [2, 1], pad: 'same' } as unknown as NamedAttrMap;

  it('is three dimensions of depth 1, in words', () => {
    const info = poolingInfo(2, x, attrs)!;
    expect(poolingWords(info)).toEqual([3, 1, 5, 6, 1, 3, 6, 1, 2, 3, 1, 2, 1, 1, 1, 1, 0, 0, 1]);
  });

  it('is nothing for other types, for channels first, and for an output of another size', () => {
    expect(poolingInfo(2, { ...x, dtype: 'int32' }, attrs)).toBeUndefined();
    expect(poolingInfo(2, x, { ...attrs, dataFormat: 'NCHW' })).toBeUndefined();
    expect(poolingInfo(2, x, attrs, { ...x, shape: [2, 5, 6, 3] })).toBeUndefined();
    expect(poolingInfo(2, x, attrs, { ...x, shape: [2, 4, 6, 3] })).toMatchObject({ outHeight: 4, outWidth: 6 });
  });
});
