import type { Kernel, OutputBackend } from '../kernel.js';
import { runOwn } from '../run-own.js';
import { blockKernels } from './blocks.js';
import { cuttingKernels } from './cutting.js';
import { joiningKernels } from './joining.js';
import type { Moves } from './moves.js';
import { paddingKernels } from './padding.js';
import { rearrangingKernels } from './rearranging.js';
import { stridedSliceKernels } from './strided-slice.js';

/**
 * Kernels that move elements and change none, each one or a few strided copies: `Transpose`, `Tile`, `Reverse`, `Slice`, `StridedSlice`, `SplitV`, `Unpack`,
 * `Concat`, `Pack`, `PadV2`, `MirrorPad`, `DepthToSpace`, `SpaceToBatchND`, `BatchToSpaceND`. `where` is the package that an error names.
 */
export function movementKernels<B extends OutputBackend>(where: string, moves: Moves<B>): readonly Kernel<B>[] {
  const simple = [
    ...rearrangingKernels(moves),
    ...cuttingKernels(moves),
    ...stridedSliceKernels(moves),
    ...joiningKernels(moves),
    ...paddingKernels(moves),
  ];
  return [...simple, ...blockKernels(runOwn(where, simple))];
}
