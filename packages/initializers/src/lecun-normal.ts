import type { ScaledOptions } from './internal/fan-axes.js';
import { scaled } from './internal/scaled.js';
import type { Initializer } from './initializer.js';

/**
 * Normal random numbers, cut at two deviations, with the variance `1 / fanIn`, meant for selu.
 * Throws `GS_OPTION_VALUE` for a seed or axes that cannot be used.
 *
 * Source: LeCun et al., "Efficient backprop", 1998.
 */
export function lecunNormal(options: ScaledOptions = {}): Initializer {
  return scaled('LecunNormal', {}, options);
}
