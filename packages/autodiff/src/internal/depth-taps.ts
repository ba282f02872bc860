import { addN, concat, pad, slice, split, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import { reachOf, type SpatialAxis } from './spatial-axis.js';

/**
 * What each place along the depth of a volume [batch, depth, height, width, channels] sees through a filter: [batch outputs, pixels, window channels].
 *
 * A three-dimensional convolution is a two-dimensional one of it. One tap without padding or stride is the volume itself.
 */
export function depthTaps(x: Tensor, axis: SpatialAxis): Tensor {
  const { window, stride, dilation, before, outputSize } = axis;
  const batch = x.shape[0]!;
  if (isWhole(axis)) return x;
  const channels = x.shape.at(-1)!;
  const slab = x.size / (batch * axis.size);
  // Long enough that every tap can be cut into steps of the stride.
  const length = reachOf(window, dilation) - 1 + outputSize * stride;
  const full = alias(x, [batch, axis.size, slab]);
  const padded = pad(full, [
    [0, 0],
    [before, Math.max(0, length - before - axis.size)],
    [0, 0],
  ]);
  const taps = Array.from({ length: window }, (_, tap) => {
    const run = slice(padded, [0, tap * dilation, 0], [batch, outputSize * stride, slab]);
    const steps = stride === 1 ? run : slice(alias(run, [batch * outputSize, stride, slab]), [0, 0, 0], [-1, 1, slab]);
    return alias(steps, [batch * outputSize, slab / channels, channels]);
  });
  return taps.length === 1 ? taps[0]! : concat(taps, 2);
}

/** The transpose of `depthTaps`: adds up what the taps of [batch outputs, ..., window channels] saw, to [batch, depth, pixels channels]. */
export function placeDepthTaps(images: Tensor, axis: SpatialAxis, batch: number): Tensor {
  const { size, window, stride, dilation, before, outputSize } = axis;
  if (isWhole(axis)) return images;
  const slab = images.size / (batch * outputSize * window);
  const channels = images.shape.at(-1)! / window;
  const flat = alias(images, [batch * outputSize, slab / channels, window * channels]);
  const length = Math.max(reachOf(window, dilation) - 1 + outputSize * stride, before + size);
  const placed = (window === 1 ? [flat] : split(flat, window, 2)).map((tap, index) => {
    const steps = pad(alias(tap, [batch * outputSize, 1, slab]), [
      [0, 0],
      [0, stride - 1],
      [0, 0],
    ]);
    const start = index * dilation;
    return pad(alias(steps, [batch, outputSize * stride, slab]), [
      [0, 0],
      [start, length - start - outputSize * stride],
      [0, 0],
    ]);
  });
  return slice(addN(placed), [0, before, 0], [batch, size, slab]);
}

/** Whether each place sees itself alone. */
function isWhole({ size, window, stride, before, outputSize }: SpatialAxis): boolean {
  return window === 1 && stride === 1 && before === 0 && outputSize === size;
}
