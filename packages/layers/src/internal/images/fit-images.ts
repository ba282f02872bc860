import { pad, slice, type Tensor } from '@tensorflow/tfjs-core';
import { resizeImages } from '../resize-images.js';
import type { Interpolation } from '../resize-matrix.js';

/** Height and width. */
export type Size = readonly [number, number];

/** The size whose sides are in the target's proportion: the largest inside an image, or the smallest around it. */
function inProportion([rows, columns]: Size, [height, width]: Size): Size {
  return [Math.trunc(Math.fround((columns * height) / width)), Math.trunc(Math.fround((rows * width) / height))];
}

/** The largest part in the middle of images whose sides are in the target's proportion. */
export function cropToProportion(x: Tensor, target: Size): Tensor {
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const [high, wide] = inProportion([rows, columns], target);
  return middle(x, [batch, Math.max(Math.min(rows, high), 1), Math.max(Math.min(columns, wide), 1), channels]);
}

/** Images with as much added to both sides that their sides are in the target's proportion. */
export function padToProportion(x: Tensor, target: Size, value: number): Tensor {
  const [, rows, columns] = x.shape as [number, number, number];
  const [high, wide] = inProportion([rows, columns], target);
  const [down, across] = [half(Math.max(rows, high) - rows), half(Math.max(columns, wide) - columns)];
  if (down === 0 && across === 0) return x;
  return pad(
    x,
    [
      [0, 0],
      [down, down],
      [across, across],
      [0, 0],
    ],
    value,
  );
}

/** The part in the middle of images that has so many rows and columns. */
export function middle(x: Tensor, size: readonly [number, number, number, number]): Tensor {
  const begin = [0, half(x.shape[1]! - size[1]), half(x.shape[2]! - size[2]), 0];
  return slice(x, begin, [...size]);
}

/** The largest part in the middle with the target's proportion, resized. */
export function fitImages(x: Tensor, target: Size, interpolation: Interpolation = 'bilinear'): Tensor {
  return resizeImages(cropToProportion(x, target), target, interpolation);
}

const half = (size: number): number => Math.floor(size / 2);
