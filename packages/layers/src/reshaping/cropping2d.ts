import { cropping, type SpatialOptions } from '../internal/cropping.js';
import type { Layer } from '../layer.js';

/** A layer that cuts off the ends of rows and columns: one number for all ends, a number for each dimension, or a pair of ends for each. Input [batch, height, width, channels]. Throws `GS_LAYER_SHAPE` where nothing would be left. */
export function cropping2d(
  amount: number | readonly [number, number] | readonly (readonly [number, number])[] = 0,
  options: SpatialOptions = {},
): Layer {
  return cropping('cropping2d', 2, amount, options);
}
