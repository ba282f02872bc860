import type { ScaledOptions } from './internal/fan-axes.js';
import { scaled } from './internal/scaled.js';
import type { Initializer } from './initializer.js';

/**
 * Random numbers spread evenly within `sqrt(6 / (fanIn + fanOut))`, also called Xavier uniform: the default of dense and convolution layers.
 * Throws `GS_OPTION_VALUE` for a seed or axes that cannot be used.
 *
 * Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
 */
export function glorotUniform(options: ScaledOptions = {}): Initializer {
  return scaled('GlorotUniform', { mode: 'fanAvg', distribution: 'uniform' }, options);
}
