import { pad, slice, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from './alias.js';

/**
 * A filter [height, width, ...] with `rate - 1` zeros between its taps: an ordinary convolution with it equals the dilated one.
 *
 * Written with tensors of three dimensions, which every backend pads fast.
 */
export function dilateFilter(filter: Tensor, [rate1, rate2]: readonly [number, number]): Tensor {
  const [height, width, ...rest] = filter.shape as [number, number, ...number[]];
  const channels = filter.size / (height * width);
  const tall = pad(alias(filter, [height, 1, width * channels]), [
    [0, 0],
    [0, rate1 - 1],
    [0, 0],
  ]);
  const wide = pad(alias(tall, [height * rate1 * width, 1, channels]), [
    [0, 0],
    [0, rate2 - 1],
    [0, 0],
  ]);
  const full = alias(wide, [height * rate1, width * rate2, channels]);
  const shape = [(height - 1) * rate1 + 1, (width - 1) * rate2 + 1];
  return alias(slice(full, [0, 0, 0], [...shape, channels]), [...shape, ...rest]);
}

/** The taps of a dilated filter, of the shape it had before: the gradient of `dilateFilter`. */
export function pickTaps(dilated: Tensor, [rate1, rate2]: readonly [number, number], shape: readonly number[]): Tensor {
  const [height, width] = shape as [number, number, ...number[]];
  const [tall, wide] = dilated.shape as [number, number, ...number[]];
  const channels = dilated.size / (tall * wide);
  const full = pad(alias(dilated, [tall, wide, channels]), [
    [0, height * rate1 - tall],
    [0, width * rate2 - wide],
    [0, 0],
  ]);
  const rows = slice(
    alias(full, [height, rate1, width * rate2 * channels]),
    [0, 0, 0],
    [height, 1, width * rate2 * channels],
  );
  const taps = slice(alias(rows, [height * width, rate2, channels]), [0, 0, 0], [height * width, 1, channels]);
  return alias(taps, shape);
}
