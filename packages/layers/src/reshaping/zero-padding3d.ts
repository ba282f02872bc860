import type { SpatialOptions } from '../internal/cropping.js';
import { zeroPadding } from '../internal/zero-padding.js';
import type { Layer } from '../layer.js';

/** A layer that adds zeros at the ends of the three spatial dimensions: one number for all ends, a number for each dimension, or a pair of ends for each. Input [batch, depth, height, width, channels]. */
export function zeroPadding3d(
  padding: number | readonly [number, number, number] | readonly (readonly [number, number])[] = 1,
  options: SpatialOptions = {},
): Layer {
  return zeroPadding('zeroPadding3d', 3, padding, options);
}
