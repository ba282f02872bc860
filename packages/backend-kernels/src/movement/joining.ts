import { backend_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { elementBytes } from './copy-dimensions.js';
import type { Moves } from './moves.js';

/** Kernels that put tensors one behind another. */
export function joiningKernels<B extends OutputBackend>(moves: Moves<B>): readonly Kernel<B>[] {
  return [
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
        return joined(moves, backend, all, shape, axis);
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
        return joined(moves, backend, parts, first!.shape.toSpliced(axis, 0, all.length), axis);
      },
    },
  ];
}

function joined<B extends OutputBackend>(
  moves: Moves<B>,
  backend: B,
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
    moves.stridedCopy(backend, part, y, dimensions, 0, position);
    position += run;
  }
  return y;
}
