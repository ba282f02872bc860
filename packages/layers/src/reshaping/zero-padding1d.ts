import type { SpatialOptions } from '../internal/cropping.js';
import { zeroPadding } from '../internal/zero-padding.js';
import type { Layer } from '../layer.js';

/** A layer that adds zeros at the ends of steps: one number for both ends, or a pair. Input [batch, steps, features]. */
export function zeroPadding1d(padding: number | readonly [number, number] = 1, options: SpatialOptions = {}): Layer {
  return zeroPadding('zeroPadding1d', 1, padding, options);
}
