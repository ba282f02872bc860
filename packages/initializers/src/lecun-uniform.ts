import { renamed } from './internal/renamed.js';
import type { Initializer } from './initializer.js';
import { varianceScaling } from './variance-scaling.js';

/**
 * Random numbers spread evenly within `sqrt(3 / fanIn)`.
 *
 * Source: LeCun et al., "Efficient backprop", 1998.
 */
export function lecunUniform(): Initializer {
  return renamed('LecunUniform', varianceScaling({ distribution: 'uniform' }));
}
