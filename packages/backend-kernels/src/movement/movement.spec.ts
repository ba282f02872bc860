import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAsCpu, numbersOf, plainMoves, startPlain, type PlainBackend } from '../../testing/plain-backend.js';
import { canCopy, denseStrides, elementBytes, joinDimensions } from './copy-dimensions.js';
import { indexingKernels } from './indexing.js';
import { movementKernels } from './movement.js';
import { scatterKernels } from './scatter.js';

let backend: PlainBackend;
beforeAll(async () => {
  backend = await startPlain([
    ...movementKernels('plain-backend', plainMoves),
    ...indexingKernels<PlainBackend>({
      gather(own, x, indices, { shape, batchSize, outerSize, dimSize, sliceSize, count, bytes }) {
        expect(bytes).toBe(4);
        const [from, at] = [numbersOf(own, x), numbersOf(own, indices)];
        if (at.some((place) => place >= dimSize)) return undefined;
        const y = own.output(shape, x.dtype);
        numbersOf(own, y).forEach((_, index, to) => {
          const [row, place] = [Math.floor(index / sliceSize), index % sliceSize];
          const [outer, which] = [Math.floor(row / count), row % count];
          const batch = Math.floor(outer / (outerSize * (batchSize > 1 ? 1 : batchSize)));
          to[index] = from[(outer * dimSize + at[(batchSize > 1 ? batch * count : 0) + which]!) * sliceSize + place]!;
        });
        return y;
      },
      oneHot(own, indices, y, depth, on, off) {
        const words = new Int32Array(numbersOf(own, y).buffer).fill(off);
        numbersOf(own, indices).forEach((place, row) => (words[row * depth + place] = on));
      },
      segmentSum(own, x, ids, shape, width) {
        const y = plainMoves.filled(own, shape, 'float32', 0)!;
        const [from, to] = [numbersOf(own, x), numbersOf(own, y)];
        numbersOf(own, ids).forEach((id, row) => {
          for (let place = 0; place < width; place++) to[id * width + place]! += from[row * width + place]!;
        });
        return y;
      },
    }),
    ...scatterKernels<PlainBackend>({
      ...plainMoves,
      scatter(own, _, kind, [updates, indices, y], rows, width, sizes) {
        const [from, to] = [numbersOf(own, updates), numbersOf(own, y)];
        for (let row = 0; row < rows; row++)
          for (let place = 0; place < width; place++) {
            const at = flatPlace(numbersOf(own, indices), row, sizes) * width + place;
            to[at] = kind === 'set' ? from[row * width + place]! : to[at]! + from[row * width + place]!;
          }
        return y;
      },
      gatherRows(own, x, indices, shape, rows, width, bytes, sizes) {
        expect(bytes).toBe(4);
        const y = own.output(shape, x.dtype);
        for (let row = 0; row < rows; row++) {
          const at = flatPlace(numbersOf(own, indices), row, sizes) * width;
          numbersOf(own, y).set(numbersOf(own, x).subarray(at, at + width), row * width);
        }
        return y;
      },
    }),
  ]);
});

const flatPlace = (indices: ArrayLike<number>, row: number, sizes: readonly number[]): number =>
  sizes.reduce((place, size, axis) => place * size + indices[row * sizes.length + axis]!, 0);

/** 1, 2, 3, ... */
const counted = (shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.Tensor =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => index + 1),
    shape,
    dtype,
  );

describe('kernels that move elements', () => {
  it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
    ['Transpose', () => tf.transpose(counted([2, 3, 4]), [2, 0, 1])],
    ['Tile', () => tf.tile(counted([2, 3], 'int32'), [2, 3])],
    ['Reverse', () => tf.reverse(counted([2, 3, 2]), [0, 2])],
    ['Slice', () => tf.slice(counted([4, 5]), [1, 2], [2, -1])],
    ['StridedSlice', () => tf.stridedSlice(counted([5, 4]), [4, 0], [0, 4], [-2, 3])],
    ['a StridedSlice with a step of the wrong sign', () => tf.stridedSlice(counted([5]), [0], [4], [-1])],
    ['a StridedSlice of everything', () => tf.stridedSlice(counted([5]), [0], [5], [1])],
    ['SplitV', () => tf.split(counted([2, 6]), [1, 2, 3], 1)],
    ['Unpack', () => tf.unstack(counted([3, 2]), 1)],
    ['Concat', () => tf.concat([counted([2, 1]), counted([2, 3])], 1)],
    ['Pack', () => tf.stack([counted([2, 2]), counted([2, 2])], 1)],
    ['PadV2', () => tf.pad(tf.tensor([1, 0, 0, 1], [2, 2], 'bool'), [[1, 0], [0, 2]], 1)], // prettier-ignore
    ['MirrorPad, reflect', () => tf.mirrorPad(counted([3, 4]), [[2, 1], [0, 3]], 'reflect')], // prettier-ignore
    ['MirrorPad, symmetric', () => tf.mirrorPad(counted([3, 4]), [[3, 1], [2, 4]], 'symmetric')], // prettier-ignore
    ['DepthToSpace', () => tf.depthToSpace(counted([1, 2, 3, 8]) as tf.Tensor4D, 2, 'NHWC')],
    ['SpaceToBatchND', () => tf.spaceToBatchND(counted([1, 3, 4, 2]), [2, 2], [[1, 0], [0, 0]])], // prettier-ignore
    ['BatchToSpaceND', () => tf.batchToSpaceND(counted([4, 2, 2, 1]), [2, 2], [[0, 1], [1, 0]])], // prettier-ignore
    ['GatherV2', () => tf.gather(counted([3, 4]), tf.tensor1d([3, 0, 3], 'int32'), 1)],
    ['GatherV2 in batches', () => tf.gather(counted([2, 3, 2]), tf.tensor2d([[2, 0], [1, 1]], [2, 2], 'int32'), 1, 1)], // prettier-ignore
    ['OneHot', () => tf.oneHot(tf.tensor1d([2, 0], 'int32'), 3, 0.5, -1, 'float32')],
    ['UnsortedSegmentSum', () => tf.unsortedSegmentSum(counted([3, 2]), tf.tensor1d([1, 0, 1], 'int32'), 2)],
    ['ScatterNd', () => tf.scatterND(tf.tensor2d([[2], [0], [2]], [3, 1], 'int32'), counted([3, 2]), [4, 2])],
    ['TensorScatterUpdate', () => tf.tensorScatterUpdate(counted([3, 3]), tf.tensor2d([[0, 2], [2, 1]], [2, 2], 'int32'), tf.tensor1d([-1, -2]))], // prettier-ignore
    ['GatherNd', () => tf.gatherND(counted([2, 3, 2]), tf.tensor2d([[1, 2], [0, 1]], [2, 2], 'int32'))], // prettier-ignore
    ['nothing', () => tf.transpose(counted([0, 3]))],
  ])('%s', async (_, run) => expectAsCpu(run));

  it('what they do not cover is left to tfjs-backend-cpu', () => {
    backend.fallen.length = 0;
    const turned = tf.transpose(counted([2, 2, 2, 2, 2, 2, 3]));
    expect([turned.shape, backend.fallen]).toEqual([[3, 2, 2, 2, 2, 2, 2], ['Transpose']]);
    turned.dispose();
  });
});

describe('the dimensions of a copy', () => {
  it('are joined where both sides go on alike, and left out where there is one step', () => {
    const dense = denseStrides([2, 1, 3, 4]).map((from, axis) => ({ count: [2, 1, 3, 4][axis]!, from, to: from }));
    expect(joinDimensions(dense)).toEqual([{ count: 24, from: 1, to: 1 }]);
    expect(joinDimensions([{ count: 1, from: 7, to: 9 }])).toEqual([{ count: 1, from: 1, to: 1 }]);
    const turned = [
      { count: 2, from: 1, to: 3 },
      { count: 3, from: 2, to: 1 },
    ];
    expect(joinDimensions(turned)).toEqual(turned);
  });

  it('are at most six', () => {
    const apart = Array.from({ length: 7 }, () => ({ count: 2, from: 0, to: 1 }));
    expect([canCopy(apart), canCopy(apart.slice(1))]).toEqual([false, true]);
  });

  it('move elements of four bytes and of one', () => {
    const bytes = (['float32', 'int32', 'bool', 'complex64', 'string'] as const).map((dtype) =>
      elementBytes({ dataId: {}, shape: [], dtype }),
    );
    expect(bytes).toEqual([4, 4, 1, undefined, undefined]);
  });
});
