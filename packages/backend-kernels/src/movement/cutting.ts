import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { canCopy, denseStrides, elementBytes } from './copy-dimensions.js';
import { copied, type Moves } from './moves.js';

/** Kernels that cut pieces out of a tensor. */
export function cuttingKernels<B extends OutputBackend>(moves: Moves<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'Slice',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const [begin, size] = slice_util.parseSliceParams(
          x as never,
          attrs['begin'] as number[],
          attrs['size'] as number[],
        ) as [number[], number[]];
        slice_util.assertParamsValid(x as never, begin, size);
        return sliced(moves, backend, x, begin, size);
      },
    },
    {
      name: 'Unpack',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['value'] as TensorInfo;
        const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
        const parts = split(
          moves,
          backend,
          x,
          axis,
          Array.from({ length: x.shape[axis]! }, () => 1),
        );
        return parts?.map((part) => ({ ...part, shape: part.shape.toSpliced(axis, 1) }));
      },
    },
    {
      name: 'SplitV',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
        return split(
          moves,
          backend,
          x,
          axis,
          backend_util.prepareSplitSize(x as never, attrs['numOrSizeSplits'] as number[], axis),
        );
      },
    },
  ];
}

function sliced<B extends OutputBackend>(
  moves: Moves<B>,
  backend: B,
  x: TensorInfo,
  begin: readonly number[],
  size: number[],
): TensorInfo | undefined {
  const [from, to] = [denseStrides(x.shape), denseStrides(size)];
  const offset = begin.reduce((sum, position, axis) => sum + position * from[axis]!, 0);
  return copied(
    moves,
    backend,
    x,
    size,
    size.map((count, axis) => ({ count, from: from[axis]!, to: to[axis]! })),
    offset,
  );
}

function split<B extends OutputBackend>(
  moves: Moves<B>,
  backend: B,
  x: TensorInfo,
  axis: number,
  sizes: readonly number[],
): TensorInfo[] | undefined {
  if (elementBytes(x) === undefined || !canCopy(x.shape.map((count) => ({ count, from: 0, to: 1 })))) return undefined;
  let position = 0;
  return sizes.map((size) => {
    const part = sliced(
      moves,
      backend,
      x,
      x.shape.map((_, index) => (index === axis ? position : 0)),
      x.shape.with(axis, size),
    )!;
    position += size;
    return part;
  });
}
