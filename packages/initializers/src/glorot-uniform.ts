import { renamed } from './internal/renamed.js';
import type { Initializer } from './initializer.js';
import { varianceScaling } from './variance-scaling.js';

/**
 * Random numbers spread evenly within `sqrt(6 / (fanIn + fanOut))`, also called Xavier uniform: the default of dense and convolution layers.
 *
 * Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
 */
export function glorotUniform(): Initializer {
  return renamed('GlorotUniform', varianceScaling({ mode: 'fanAvg', distribution: 'uniform' }));
}
