import { checkNumber } from '@gradstream/core';
import { fromConstant } from './internal/from-constant.js';
import type { Initializer } from './initializer.js';

/** One number for every weight, 0 unless given. The initializer reads no key. Throws `GS_OPTION_VALUE` for a value that is no finite number. */
export function constant(value = 0): Initializer {
  checkNumber('initializers/constant', 'value', value);
  return fromConstant('Constant', { value }, value);
}
