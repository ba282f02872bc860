import { fromConstant } from './internal/from-constant.js';
import type { Initializer } from './initializer.js';

/** Zeros for every weight. The initializer reads no key. */
export function zeros(): Initializer {
  return fromConstant('Zeros', {}, 0);
}
