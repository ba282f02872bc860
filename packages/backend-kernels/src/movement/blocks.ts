import { backend_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import type { RunOwn } from '../run-own.js';
import { elementBytes } from './copy-dimensions.js';

/** Kernels that move blocks of space into other dimensions and back: a reshape, a transposition, a reshape, and a cut or padding. */
export function blockKernels<B extends OutputBackend>(run: RunOwn<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'DepthToSpace',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const block = attrs['blockSize'] as number;
        if ((attrs['dataFormat'] ?? 'NHWC') !== 'NHWC' || x.shape.length !== 4 || elementBytes(x) === undefined)
          return undefined;
        const [batch, height, width, depth] = x.shape as [number, number, number, number];
        const channels = depth / (block * block);
        if (!Number.isInteger(channels)) return undefined;
        const parts = [batch, height, width, block, block, channels];
        return moved(run, backend, x, parts, [0, 1, 3, 2, 4, 5], [batch, height * block, width * block, channels]);
      },
    },
    {
      name: 'SpaceToBatchND',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const blocks = attrs['blockShape'] as number[];
        const given = attrs['paddings'] as [number, number][];
        if (!isCovered(x, blocks)) return undefined;
        const paddings = x.shape.map((_, axis): [number, number] => given[axis - 1] ?? [0, 0]);
        const padded = run(backend, 'PadV2', { x }, { paddings, constantValue: 0 });
        const product = util.sizeFromShape(blocks);
        const parts = backend_util.getReshaped(padded.shape, blocks, product, false);
        const perm = backend_util.getPermuted(parts.length, blocks.length, false);
        const shape = backend_util.getReshapedPermuted(padded.shape, blocks, product, false);
        const y = moved(run, backend, padded, parts, perm, shape);
        backend.disposeIntermediateTensorInfo(padded);
        return y;
      },
    },
    {
      name: 'BatchToSpaceND',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const blocks = attrs['blockShape'] as number[];
        const crops = attrs['crops'] as number[][];
        if (!isCovered(x, blocks)) return undefined;
        const product = util.sizeFromShape(blocks);
        const parts = backend_util.getReshaped(x.shape, blocks, product);
        const perm = backend_util.getPermuted(parts.length, blocks.length);
        const shape = backend_util.getReshapedPermuted(x.shape, blocks, product);
        const whole = moved(run, backend, x, parts, perm, shape);
        const begin = backend_util.getSliceBeginCoords(crops, blocks.length);
        const size = backend_util.getSliceSize(shape, crops, blocks.length);
        const y = run(backend, 'Slice', { x: whole }, { begin, size });
        backend.disposeIntermediateTensorInfo(whole);
        return y;
      },
    },
  ];
}

/** Whether the transposition has few enough dimensions. */
const isCovered = (x: TensorInfo, blocks: readonly number[]): boolean =>
  elementBytes(x) !== undefined && x.shape.length <= 4 && blocks.length <= 2;

/** x seen as `parts`, its dimensions in another order, seen as `shape`. */
function moved<B>(
  run: RunOwn<B>,
  backend: B,
  x: TensorInfo,
  parts: number[],
  perm: number[],
  shape: number[],
): TensorInfo {
  const y = run(backend, 'Transpose', { x: { ...x, shape: parts } }, { perm });
  return { ...y, shape };
}
