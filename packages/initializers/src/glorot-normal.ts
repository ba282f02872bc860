import type { ScaledOptions } from './internal/fan-axes.js';
import { scaled } from './internal/scaled.js';
import type { Initializer } from './initializer.js';

/**
 * Normal random numbers, cut at two deviations, with the variance `2 / (fanIn + fanOut)`, also called Xavier normal.
 * Throws `GS_OPTION_VALUE` for a seed or axes that cannot be used.
 *
 * Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
 */
export function glorotNormal(options: ScaledOptions = {}): Initializer {
  return scaled('GlorotNormal', { mode: 'fanAvg' }, options);
}
