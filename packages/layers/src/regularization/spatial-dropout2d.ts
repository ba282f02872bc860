import { spatialDropout, type SpatialDropoutOptions } from '../internal/spatial-dropout.js';
import type { Layer } from '../layer.js';

/**
 * A layer that, while training, sets whole channels of an example to zero, each with probability `rate`, and scales the rest by `1 / (1 - rate)`:
 * `[batch, height, width, channels]` in and out. Throws `GS_LAYER_SHAPE` for another number of dimensions. Source: Tompson et al., arXiv:1411.4280.
 */
export function spatialDropout2d(rate: number, options: SpatialDropoutOptions = {}): Layer {
  return spatialDropout(2, rate, options);
}
