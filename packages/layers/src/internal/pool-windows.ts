import { avgPool, maxPool, reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { Windows } from './window-sizes.js';

/** What is taken of the elements of a window. */
export type Pooled = 'max' | 'average';

/**
 * Pools the windows of [batch, ...spatial, channels] in one, two or three spatial dimensions.
 *
 * All are poolings of images. Steps are images of height 1. A volume is pooled slice by slice, then along its depth: the maximum of maxima, or the mean of
 * means, edges included, since the elements that a window has at an edge are a box too. The kernels for volumes are left alone: tfjs-backend-cpu's gradient
 * is wrong where a window is higher than wide, and tfjs-core starts the windows elsewhere than Keras where a stride is above the window's size.
 */
export function poolWindows(x: Tensor, kind: Pooled, { sizes, strides, padding }: Windows): Tensor {
  const pad = padding as 'valid' | 'same';
  if (sizes.length === 2) return poolImages(x, kind, sizes as Pair, strides as Pair, pad);
  if (sizes.length === 1) {
    const [batch, steps, channels] = x.shape as [number, number, number];
    const line = poolImages(reshape(x, [batch, 1, steps, channels]), kind, [1, sizes[0]!], [1, strides[0]!], pad);
    return reshape(line, [batch, line.shape[2]!, channels]);
  }
  const [batch, depth, height, width, channels] = x.shape as [number, number, number, number, number];
  const [window, ...plane] = sizes as [number, number, number];
  const [stride, ...planeStrides] = strides as [number, number, number];
  const slices = poolImages(reshape(x, [batch * depth, height, width, channels]), kind, plane, planeStrides, pad);
  const [rows, columns] = slices.shape.slice(1, 3) as [number, number];
  const columnsOfSlices = reshape(slices, [batch, depth, rows * columns, channels]);
  const pooled = poolImages(columnsOfSlices, kind, [window, 1], [stride, 1], pad);
  return reshape(pooled, [batch, pooled.shape[1]!, rows, columns, channels]);
}

type Pair = [number, number];

function poolImages(x: Tensor, kind: Pooled, sizes: Pair, strides: Pair, padding: 'valid' | 'same'): Tensor {
  if ([...sizes, ...strides].every((size) => size === 1)) return x;
  return (kind === 'max' ? maxPool : avgPool)(x as never, sizes, strides, padding);
}
