import type { SpatialOptions } from '../internal/cropping.js';
import { zeroPadding } from '../internal/zero-padding.js';
import type { Layer } from '../layer.js';

/** A layer that adds zeros at the ends of rows and columns: one number for all ends, a number for each dimension, or a pair of ends for each. Input [batch, height, width, channels]. */
export function zeroPadding2d(
  padding: number | readonly [number, number] | readonly (readonly [number, number])[] = 1,
  options: SpatialOptions = {},
): Layer {
  return zeroPadding('zeroPadding2d', 2, padding, options);
}
