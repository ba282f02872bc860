import { fromConstant } from './internal/from-constant.js';
import type { Initializer } from './initializer.js';

/** Ones for every weight. The initializer reads no key. */
export function ones(): Initializer {
  return fromConstant('Ones', {}, 1);
}
