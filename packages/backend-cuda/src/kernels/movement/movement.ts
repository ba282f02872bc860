import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { canCopy, denseStrides, elementBytes, stridedCopy } from './strided-copy.js';
import type { CopyDimension } from './strided-copy.js';

/** Kernels that move elements and change none: each is one or a few strided copies. */
export const movementKernels: readonly Kernel[] = [
  {
    name: 'Transpose',
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const perm = attrs['perm'] as number[];
      const shape: number[] = perm.map((axis) => x.shape[axis]!);
      const strides = denseStrides(x.shape);
      const to = denseStrides(shape);
      return copied(
        backend,
        x,
        shape,
        perm.map((axis, index) => ({ count: shape[index]!, from: strides[axis]!, to: to[index]! })),
      );
    },
  },
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
      return sliced(backend, x, begin, size);
    },
  },
  {
    name: 'Tile',
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const reps = attrs['reps'] as number[];
      const shape = x.shape.map((size, axis) => size * reps[axis]!);
      const [from, to] = [denseStrides(x.shape), denseStrides(shape)];
      const dimensions = x.shape.flatMap((size, axis) => [
        { count: reps[axis]!, from: 0, to: to[axis]! * size },
        { count: size, from: from[axis]!, to: to[axis]! },
      ]);
      return copied(backend, x, shape, dimensions);
    },
  },
  {
    name: 'Reverse',
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const axes = util.parseAxisParam(attrs['dims'] as number[], x.shape);
      const strides = denseStrides(x.shape);
      const turned = (axis: number): boolean => axes.includes(axis);
      const offset = x.shape.reduce((sum, size, axis) => sum + (turned(axis) ? (size - 1) * strides[axis]! : 0), 0);
      const dimensions = x.shape.map((count, axis) => ({
        count,
        from: turned(axis) ? -strides[axis]! : strides[axis]!,
        to: strides[axis]!,
      }));
      return copied(backend, x, x.shape, dimensions, offset);
    },
  },
  {
    name: 'PadV2',
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const paddings = attrs['paddings'] as [number, number][];
      const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
      const [from, to] = [denseStrides(x.shape), denseStrides(shape)];
      const dimensions = x.shape.map((count, axis) => ({ count, from: from[axis]!, to: to[axis]! }));
      if (
        elementBytes(x) === undefined ||
        !canCopy(dimensions) ||
        paddings.some(([before, after]) => before < 0 || after < 0)
      )
        return undefined;
      const y = filled(backend, shape, x.dtype, attrs['constantValue'] as number)!;
      stridedCopy(
        backend,
        x,
        y,
        dimensions,
        0,
        paddings.reduce((sum, [before], axis) => sum + before * to[axis]!, 0),
      );
      return y;
    },
  },
  {
    name: 'Concat',
    run: ({ inputs, attrs, backend }) => {
      const all = Object.values(inputs) as TensorInfo[];
      const axis = util.parseAxisParam(attrs['axis'] as number, all[0]!.shape)[0]!;
      backend_util.assertParamsConsistent(
        all.map(({ shape }) => shape),
        axis,
      );
      const shape = backend_util.computeOutShape(
        all.map((x) => x.shape),
        axis,
      );
      if (all.some((x) => x.dtype !== all[0]!.dtype)) return undefined;
      return joined(backend, all, shape, axis);
    },
  },
  {
    name: 'Pack',
    run: ({ inputs, attrs, backend }) => {
      const all = Object.values(inputs) as TensorInfo[];
      const [first] = all;
      const axis = attrs['axis'] as number;
      if (axis < 0 || all.some((x) => x.dtype !== first!.dtype || !util.arraysEqual(x.shape, first!.shape)))
        return undefined;
      const parts = all.map((x) => ({ ...x, shape: x.shape.toSpliced(axis, 0, 1) }));
      return joined(backend, parts, first!.shape.toSpliced(axis, 0, all.length), axis);
    },
  },
  {
    name: 'Unpack',
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['value'] as TensorInfo;
      const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
      const parts = split(
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
        backend,
        x,
        axis,
        backend_util.prepareSplitSize(x as never, attrs['numOrSizeSplits'] as number[], axis),
      );
    },
  },
];

/** A new tensor that one copy fills; undefined where the type or the number of dimensions is not ours. */
function copied(
  backend: CudaBackend,
  x: TensorInfo,
  shape: number[],
  dimensions: CopyDimension[],
  offset = 0,
): TensorInfo | undefined {
  if (elementBytes(x) === undefined || !canCopy(dimensions)) return undefined;
  const y = backend.output(shape, x.dtype);
  stridedCopy(backend, x, y, dimensions, offset);
  return y;
}

function sliced(backend: CudaBackend, x: TensorInfo, begin: readonly number[], size: number[]): TensorInfo | undefined {
  const [from, to] = [denseStrides(x.shape), denseStrides(size)];
  const offset = begin.reduce((sum, position, axis) => sum + position * from[axis]!, 0);
  return copied(
    backend,
    x,
    size,
    size.map((count, axis) => ({ count, from: from[axis]!, to: to[axis]! })),
    offset,
  );
}

function split(backend: CudaBackend, x: TensorInfo, axis: number, sizes: readonly number[]): TensorInfo[] | undefined {
  if (elementBytes(x) === undefined || !canCopy(x.shape.map((count) => ({ count, from: 0, to: 1 })))) return undefined;
  let position = 0;
  return sizes.map((size) => {
    const part = sliced(
      backend,
      x,
      x.shape.map((_, index) => (index === axis ? position : 0)),
      x.shape.with(axis, size),
    )!;
    position += size;
    return part;
  });
}

function joined(
  backend: CudaBackend,
  parts: readonly TensorInfo[],
  shape: number[],
  axis: number,
): TensorInfo | undefined {
  if (elementBytes(parts[0]!) === undefined) return undefined;
  const y = backend.output(shape, parts[0]!.dtype);
  const inner = util.sizeFromShape(shape.slice(axis + 1));
  const outer = util.sizeFromShape(shape.slice(0, axis));
  let position = 0;
  for (const part of parts) {
    const run = part.shape[axis]! * inner;
    const dimensions = [
      { count: outer, from: run, to: shape[axis]! * inner },
      { count: run, from: 1, to: 1 },
    ];
    stridedCopy(backend, part, y, dimensions, 0, position);
    position += run;
  }
  return y;
}
