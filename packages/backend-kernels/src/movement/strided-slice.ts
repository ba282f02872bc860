import { slice_util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { canCopy, denseStrides, elementBytes } from './copy-dimensions.js';
import type { Moves } from './moves.js';

/** `StridedSlice`: elements from `begin` to before `end` in steps that may go backwards, with NumPy's masks: one strided copy. */
export function stridedSliceKernels<B extends OutputBackend>(moves: Moves<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'StridedSlice',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const masks = ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask'].map(
          (name) => (attrs[name] as number | undefined) ?? 0,
        ) as [number, number, number, number, number];
        const { finalShape, isIdentity, begin, end, strides } = slice_util.sliceInfo(
          x.shape,
          attrs['begin'] as number[],
          attrs['end'] as number[],
          attrs['strides'] as number[],
          ...masks,
        );
        if (isIdentity) return backend.share(x, finalShape);
        // With a step of the wrong sign there is nothing.
        const size = slice_util.computeOutShape(begin, end, strides).map((count) => Math.max(0, count));
        const [from, to] = [denseStrides(x.shape), denseStrides(size)];
        const dimensions = size.map((count, axis) => ({
          count,
          from: from[axis]! * strides[axis]!,
          to: to[axis]!,
        }));
        if (elementBytes(x) === undefined || !canCopy(dimensions)) return undefined;
        const y = backend.output(finalShape, x.dtype);
        const offset = begin.reduce((sum, position, axis) => sum + position * from[axis]!, 0);
        moves.stridedCopy(backend, x, y, dimensions, offset);
        return y;
      },
    },
  ];
}
