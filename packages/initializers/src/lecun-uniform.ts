import type { ScaledOptions } from './internal/fan-axes.js';
import { scaled } from './internal/scaled.js';
import type { Initializer } from './initializer.js';

/**
 * Random numbers spread evenly within `sqrt(3 / fanIn)`.
 * Throws `GS_OPTION_VALUE` for a seed or axes that cannot be used.
 *
 * Source: LeCun et al., "Efficient backprop", 1998.
 */
export function lecunUniform(options: ScaledOptions = {}): Initializer {
  return scaled('LecunUniform', { distribution: 'uniform' }, options);
}
