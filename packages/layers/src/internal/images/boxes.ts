import { add, greaterEqual, less, logicalAnd, mul, range, reshape, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Draws } from '../draws.js';
import { eachImage } from './value-range.js';

/**
 * A box at a random place inside each image, with sides in parts of the image's `[batch]`: which pixels lie in it, `[batch, height, width, 1]`. Sides need not be
 * whole numbers of pixels.
 */
export function randomBoxes({ shape }: Tensor, draws: Draws, across: Tensor, down: Tensor): Tensor {
  const [batch, height, width] = shape as [number, number, number];
  const along = (stream: string, size: number, part: Tensor, places: Tensor): Tensor => {
    const length = mul(part, size);
    const start = mul(draws.uniform(stream, [batch]), sub(size, length));
    const [from, to] = [eachImage(start), eachImage(add(start, length))];
    return logicalAnd(greaterEqual(places, from), less(places, to));
  };
  const rows = reshape(range(0, height, 1, 'float32'), [1, height, 1, 1]);
  const columns = reshape(range(0, width, 1, 'float32'), [1, 1, width, 1]);
  return logicalAnd(along('row', height, down, rows), along('column', width, across, columns));
}
