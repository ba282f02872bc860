import { renamed } from './internal/renamed.js';
import type { Initializer } from './initializer.js';
import { varianceScaling } from './variance-scaling.js';

/**
 * Normal random numbers, cut at two deviations, with the variance `2 / fanIn`, meant for relu.
 *
 * Source: He et al., "Delving deep into rectifiers", 2015.
 */
export function heNormal(): Initializer {
  return renamed('HeNormal', varianceScaling({ scale: 2 }));
}
