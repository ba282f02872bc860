import { renamed } from './internal/renamed.js';
import type { Initializer } from './initializer.js';
import { varianceScaling } from './variance-scaling.js';

/**
 * Normal random numbers, cut at two deviations, with the variance `1 / fanIn`, meant for selu.
 *
 * Source: LeCun et al., "Efficient backprop", 1998.
 */
export function lecunNormal(): Initializer {
  return renamed('LecunNormal', varianceScaling());
}
