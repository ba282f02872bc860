import { avgPool, avgPool3d, maxPool, maxPool3d, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Windows } from './window-sizes.js';

/** What is taken of the elements of a window. */
export type Pooled = 'max' | 'average';

/** Pools the windows of [batch, ...spatial, channels] in one, two or three spatial dimensions. Steps are images of height 1. */
export function poolWindows(x: Tensor, kind: Pooled, windows: Windows): Tensor {
  const { sizes, strides } = windows;
  const padding = windows.padding as 'valid' | 'same';
  if (sizes.length === 3) {
    const pool = kind === 'max' ? maxPool3d : avgPool3d;
    const seen = padding === 'same' ? withoutUnseen(x, windows) : x;
    return pool(seen as never, triple(sizes), triple(strides), padding);
  }
  const pool = kind === 'max' ? maxPool : avgPool;
  if (sizes.length === 2) return pool(x as never, pair(sizes), pair(strides), padding);
  const [batch, steps, channels] = x.shape as [number, number, number];
  const lines = reshape(x, [batch, 1, steps, channels]);
  const line: Tensor = pool(lines as never, [1, sizes[0]!], [1, strides[0]!], padding);
  return reshape(line, [batch, line.shape[2]!, channels]);
}

/**
 * A volume without what lies behind the last windows. Where a stride is above the window's size tfjs-core starts the first window inside the volume
 * to share out the elements that no window sees: Keras leaves them behind the last one.
 */
function withoutUnseen(x: Tensor, { sizes, strides }: Windows): Tensor {
  const seen = sizes.map((window, index) => {
    const size = x.shape[index + 1]!;
    return Math.min(size, (Math.ceil(size / strides[index]!) - 1) * strides[index]! + window);
  });
  const shape = [x.shape[0]!, ...seen, x.shape.at(-1)!];
  if (shape.every((size, axis) => size === x.shape[axis])) return x;
  return slice(x, [0, 0, 0, 0, 0], shape);
}

const pair = (values: readonly number[]): [number, number] => [values[0]!, values[1]!];
const triple = (values: readonly number[]): [number, number, number] => [values[0]!, values[1]!, values[2]!];
