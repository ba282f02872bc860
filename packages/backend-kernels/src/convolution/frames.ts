import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { OutputBackend } from '../kernel.js';
import type { Moves } from '../movement/moves.js';

/** What a backend does itself for convolutions in three dimensions. */
export interface FrameMoves<B> extends Moves<B> {
  /** Adds `count` elements of x from one offset on to those of y from another on, float32. */
  addTo(backend: B, x: TensorInfo, xOffset: number, y: TensorInfo, yOffset: number, count: number): void;
}

/** The most bytes of stacked frames. */
const PORTION = 64 * 1024 * 1024;

type Info = backend_util.Conv3DInfo;

/** How many output frames are worked on together. */
export function framesAtOnce(info: Info): number {
  const stacked = info.filterDepth * info.inHeight * info.inWidth * info.inChannels * 4;
  return Math.max(1, Math.floor(PORTION / Math.max(1, stacked)));
}

/** The runs of output frames from `first` on that see, by a tap, frames that exist: sample, number of the first, how many, frame seen by the first. */
function* runs(info: Info, first: number, count: number, tap: number): Generator<[number, number, number, number]> {
  const { outDepth, inDepth, strideDepth, dilationDepth, padInfo } = info;
  const shift = tap * dilationDepth - padInfo.front;
  for (let sample = Math.floor(first / outDepth); sample * outDepth < first + count; sample++) {
    const begin = Math.max(first - sample * outDepth, Math.ceil(-shift / strideDepth), 0);
    const end = Math.min(
      first + count - sample * outDepth,
      outDepth,
      Math.floor((inDepth - 1 - shift) / strideDepth) + 1,
    );
    if (end > begin) yield [sample, sample * outDepth + begin, end - begin, begin * strideDepth + shift];
  }
}

/** The frames of x that output frames see, [count, height, width, depth of the filter * channels]; those outside of x are zeros. */
export function framesOf<B extends OutputBackend>(
  moves: FrameMoves<B>,
  backend: B,
  x: TensorInfo,
  info: Info,
  first: number,
  count: number,
): TensorInfo {
  const { inDepth, inHeight, inWidth, inChannels, filterDepth, strideDepth } = info;
  const [pixels, stacked] = [inHeight * inWidth, filterDepth * inChannels];
  const y = moves.filled(backend, [count, inHeight, inWidth, stacked], 'float32', 0)!;
  for (let tap = 0; tap < filterDepth; tap++) {
    for (const [sample, frame, length, seen] of runs(info, first, count, tap)) {
      const dimensions = [
        { count: length, from: strideDepth * pixels * inChannels, to: pixels * stacked },
        { count: pixels, from: inChannels, to: stacked },
        { count: inChannels, from: 1, to: 1 },
      ];
      const from = (sample * inDepth + seen) * pixels * inChannels;
      moves.stridedCopy(backend, x, y, dimensions, from, (frame - first) * pixels * stacked + tap * inChannels);
    }
  }
  return y;
}

/** Adds to dx what output frames give, by a tap, to the frames that they see. */
export function addFrames<B>(
  moves: FrameMoves<B>,
  backend: B,
  part: TensorInfo,
  dx: TensorInfo,
  info: Info,
  first: number,
  count: number,
  tap: number,
): void {
  const size = info.inHeight * info.inWidth * info.inChannels;
  for (const [sample, frame, length, seen] of runs(info, first, count, tap)) {
    // Frames that follow each other are added in one go.
    const together = info.strideDepth === 1 ? length : 1;
    for (let index = 0; index < length; index += together) {
      const at = (sample * info.inDepth + seen + index * info.strideDepth) * size;
      moves.addTo(backend, part, (frame - first + index) * size, dx, at, together * size);
    }
  }
}

/** A part of a tensor that begins at an element: a copy of it, or a place to copy to. */
export function partOf<B extends OutputBackend>(
  moves: FrameMoves<B>,
  backend: B,
  x: TensorInfo,
  offset: number,
): { get(shape: number[]): TensorInfo; set(part: TensorInfo): void } {
  const line = (count: number): { count: number; from: number; to: number }[] => [{ count, from: 1, to: 1 }];
  return {
    get(shape) {
      const size = util.sizeFromShape(shape);
      if (offset === 0 && size === util.sizeFromShape(x.shape)) return backend.share(x, shape);
      const part = backend.output(shape, x.dtype);
      moves.stridedCopy(backend, x, part, line(size), offset);
      return part;
    },
    set: (part) => moves.stridedCopy(backend, part, x, line(util.sizeFromShape(part.shape)), 0, offset),
  };
}
