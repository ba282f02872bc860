import type { SeedOptions } from '../internal/noise.js';
import { spatialDropout } from '../internal/spatial-dropout.js';
import type { Layer } from '../layer.js';

/**
 * A layer that, while training, sets whole channels of an example to zero, each with probability `rate`, and scales the rest by `1 / (1 - rate)`:
 * `[batch, steps, channels]` in and out. Throws `GS_LAYER_SHAPE` for another number of dimensions. Source: Tompson et al., arXiv:1411.4280.
 */
export function spatialDropout1d(rate: number, options: SeedOptions = {}): Layer {
  return spatialDropout(1, rate, options);
}
