import { sizeOf } from '@gradstream/core';
import { pad, slice, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from './alias.js';

/**
 * A filter [...window, channels, filters] with `rate - 1` zeros between its taps, a rate for each of its first dimensions: an ordinary convolution with
 * it equals the dilated one.
 *
 * Written with tensors of three dimensions, which every backend pads fast.
 */
export function dilateFilter(filter: Tensor, rates: readonly number[]): Tensor {
  let spread = filter;
  for (const [axis, rate] of rates.entries()) {
    if (rate === 1) continue;
    const { shape } = spread;
    const size = shape[axis]!;
    const outer = sizeOf(shape.slice(0, axis));
    const inner = sizeOf(shape.slice(axis + 1));
    const wide = pad(alias(spread, [outer * size, 1, inner]), [
      [0, 0],
      [0, rate - 1],
      [0, 0],
    ]);
    const reach = (size - 1) * rate + 1;
    const cut = slice(alias(wide, [outer, size * rate, inner]), [0, 0, 0], [outer, reach, inner]);
    spread = alias(cut, [...shape.slice(0, axis), reach, ...shape.slice(axis + 1)]);
  }
  return spread;
}

/** The taps of a dilated filter, of the shape it had before: the gradient of `dilateFilter`. */
export function pickTaps(dilated: Tensor, rates: readonly number[], shape: readonly number[]): Tensor {
  let taps = dilated;
  for (const [axis, rate] of rates.entries()) {
    if (rate === 1) continue;
    const reach = taps.shape[axis]!;
    const size = shape[axis]!;
    const outer = sizeOf(taps.shape.slice(0, axis));
    const inner = sizeOf(taps.shape.slice(axis + 1));
    const full = pad(alias(taps, [outer, reach, inner]), [
      [0, 0],
      [0, size * rate - reach],
      [0, 0],
    ]);
    const picked = slice(alias(full, [outer * size, rate, inner]), [0, 0, 0], [outer * size, 1, inner]);
    taps = alias(picked, [...taps.shape.slice(0, axis), size, ...taps.shape.slice(axis + 1)]);
  }
  return taps;
}
