import { cropping } from '../internal/cropping.js';
import type { LayerOptions } from '../layer-options.js';
import type { Layer } from '../layer.js';

/** A layer that cuts off the ends of steps: one number for both ends, or a pair. Input [batch, steps, features]. Throws `GS_LAYER_SHAPE` where nothing would be left. */
export function cropping1d(amount: number | readonly [number, number] = [1, 1], options: LayerOptions = {}): Layer {
  return cropping('cropping1d', 1, amount, options);
}
