import type { ScaledOptions } from './internal/fan-axes.js';
import { scaled } from './internal/scaled.js';
import type { Initializer } from './initializer.js';

/**
 * Random numbers spread evenly within `sqrt(6 / fanIn)`, meant for relu.
 * Throws `GS_OPTION_VALUE` for a seed or axes that cannot be used.
 *
 * Source: He et al., "Delving deep into rectifiers", 2015.
 */
export function heUniform(options: ScaledOptions = {}): Initializer {
  return scaled('HeUniform', { scale: 2, distribution: 'uniform' }, options);
}
