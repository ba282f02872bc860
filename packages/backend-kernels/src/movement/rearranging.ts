import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { denseStrides } from './copy-dimensions.js';
import { copied, type Moves } from './moves.js';

/** Kernels that give the elements of a tensor another order, or repeat them. */
export function rearrangingKernels<B extends OutputBackend>(moves: Moves<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'Transpose',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const perm = attrs['perm'] as number[];
        const shape: number[] = perm.map((axis) => x.shape[axis]!);
        const strides = denseStrides(x.shape);
        const to = denseStrides(shape);
        return copied(
          moves,
          backend,
          x,
          shape,
          perm.map((axis, index) => ({ count: shape[index]!, from: strides[axis]!, to: to[index]! })),
        );
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
        return copied(moves, backend, x, shape, dimensions);
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
        return copied(moves, backend, x, x.shape, dimensions, offset);
      },
    },
  ];
}
