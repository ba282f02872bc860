import { renamed } from './internal/renamed.js';
import type { Initializer } from './initializer.js';
import { varianceScaling } from './variance-scaling.js';

/**
 * Random numbers spread evenly within `sqrt(6 / fanIn)`, meant for relu.
 *
 * Source: He et al., "Delving deep into rectifiers", 2015.
 */
export function heUniform(): Initializer {
  return renamed('HeUniform', varianceScaling({ scale: 2, distribution: 'uniform' }));
}
