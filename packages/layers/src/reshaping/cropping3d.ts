import { cropping, type SpatialOptions } from '../internal/cropping.js';
import type { Layer } from '../layer.js';

/** A layer that cuts off the ends of the three spatial dimensions: one number for all ends, a number for each dimension, or a pair of ends for each. Input [batch, depth, height, width, channels]. Throws `GS_LAYER_SHAPE` where nothing would be left. */
export function cropping3d(
  amount: number | readonly [number, number, number] | readonly (readonly [number, number])[] = 1,
  options: SpatialOptions = {},
): Layer {
  return cropping('cropping3d', 3, amount, options);
}
