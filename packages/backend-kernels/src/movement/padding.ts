import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { canCopy, denseStrides, elementBytes } from './copy-dimensions.js';
import type { Moves } from './moves.js';

/** Padding with one value, and `MirrorPad`: padding with what lies inside, read backwards; mode `reflect` leaves out the edge itself, `symmetric` does not. */
export function paddingKernels<B extends OutputBackend>(moves: Moves<B>): readonly Kernel<B>[] {
  return [
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
        const y = moves.filled(backend, shape, x.dtype, attrs['constantValue'] as number)!;
        moves.stridedCopy(
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
      name: 'MirrorPad',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const paddings = attrs['paddings'] as [number, number][];
        const skipped = attrs['mode'] === 'reflect' ? 1 : 0;
        if (elementBytes(x) === undefined || x.shape.includes(0)) return undefined;
        if (paddings.some((pair, axis) => pair.some((count) => count < 0 || count > x.shape[axis]! - skipped)))
          return undefined;
        const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
        const [from, to] = [denseStrides(x.shape), denseStrides(shape)];
        const inside = x.shape.map((count, axis) => ({ count, from: from[axis]!, to: to[axis]! }));
        if (!canCopy(inside) || x.shape.length > 6) return undefined;
        const y = backend.output(shape, x.dtype);
        moves.stridedCopy(
          backend,
          x,
          y,
          inside,
          0,
          paddings.reduce((sum, [before], axis) => sum + before * to[axis]!, 0),
        );
        // One dimension after another: what earlier ones padded is mirrored by later ones. The copies stay within y.
        let begin = paddings.map(([before]) => before);
        let size = [...x.shape];
        for (const [axis, [before, after]] of paddings.entries()) {
          const at = (place: number): number =>
            begin.reduce((sum, start, index) => sum + (index === axis ? place : start) * to[index]!, 0);
          const slab = (count: number): { count: number; from: number; to: number }[] =>
            size.map((whole, index) =>
              index === axis
                ? { count, from: -to[index]!, to: to[index]! }
                : { count: whole, from: to[index]!, to: to[index]! },
            );
          const [first, end] = [begin[axis]!, begin[axis]! + size[axis]!];
          if (before > 0) moves.stridedCopy(backend, y, y, slab(before), at(first + before - 1 + skipped), at(0));
          if (after > 0) moves.stridedCopy(backend, y, y, slab(after), at(end - 1 - skipped), at(end));
          begin = begin.with(axis, 0);
          size = size.with(axis, shape[axis]!);
        }
        return y;
      },
    },
  ];
}
