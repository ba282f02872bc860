import type { ScaledOptions } from './internal/fan-axes.js';
import { scaled } from './internal/scaled.js';
import type { Initializer } from './initializer.js';

/**
 * Normal random numbers, cut at two deviations, with the variance `2 / fanIn`, meant for relu.
 * Throws `GS_OPTION_VALUE` for a seed or axes that cannot be used.
 *
 * Source: He et al., "Delving deep into rectifiers", 2015.
 */
export function heNormal(options: ScaledOptions = {}): Initializer {
  return scaled('HeNormal', { scale: 2 }, options);
}
