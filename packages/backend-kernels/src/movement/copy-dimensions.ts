import type { TensorInfo } from '@tensorflow/tfjs-core';

const MOST_DIMENSIONS = 6;

/** One dimension of a copy: how many steps, and how many elements a step moves in the source and in the target. */
export interface CopyDimension {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** Bytes an element takes, or undefined for a type that does not live in a backend's memory. */
export function elementBytes(x: TensorInfo): 1 | 4 | undefined {
  if (x.dtype === 'float32' || x.dtype === 'int32') return 4;
  return x.dtype === 'bool' ? 1 : undefined;
}

/** Joins dimensions that are one in both views, and leaves out those of one step. */
export function joinDimensions(dimensions: readonly CopyDimension[]): CopyDimension[] {
  const joined: CopyDimension[] = [];
  for (const { count, from, to } of dimensions) {
    if (count === 1) continue;
    const last = joined.at(-1);
    if (last !== undefined && last.from === from * count && last.to === to * count)
      joined[joined.length - 1] = { count: last.count * count, from, to };
    else joined.push({ count, from, to });
  }
  return joined.length > 0 ? joined : [{ count: 1, from: 1, to: 1 }];
}

/** True where a copy has few enough dimensions to be done: at most 6 after joining. */
export function canCopy(dimensions: readonly CopyDimension[]): boolean {
  return joinDimensions(dimensions).length <= MOST_DIMENSIONS;
}

/** The strides of a dense tensor, in elements. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}
