import { renamed } from './internal/renamed.js';
import type { Initializer } from './initializer.js';
import { varianceScaling } from './variance-scaling.js';

/**
 * Normal random numbers, cut at two deviations, with the variance `2 / (fanIn + fanOut)`, also called Xavier normal.
 *
 * Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
 */
export function glorotNormal(): Initializer {
  return renamed('GlorotNormal', varianceScaling({ mode: 'fanAvg' }));
}
