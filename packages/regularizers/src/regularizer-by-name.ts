import { checkOptions, lookup, type Config, type Json } from '@gradstream/core';
import { isConfig } from './internal/is-config.js';
import { l1 } from './l1.js';
import { l1l2 } from './l1l2.js';
import { l2 } from './l2.js';
import type { Regularizer } from './regularizer.js';

type Options = Readonly<Record<string, Json>>;

const byName: Readonly<Record<string, (options: Options) => Regularizer>> = {
  l1: (options) => {
    checkOptions('regularizers/l1', options, ['l1']);
    return l1(options.l1 as number | undefined);
  },
  l2: (options) => {
    checkOptions('regularizers/l2', options, ['l2']);
    return l2(options.l2 as number | undefined);
  },
  l1l2,
  l1_l2: l1l2,
};

/**
 * A regularizer by name with its default options, or from the config of one; a function is given back unchanged.
 *
 * Throws `GS_REGULARIZER_UNKNOWN` for anything else.
 */
export function regularizer(nameOrFunction: string | Regularizer | Config): Regularizer {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const known = { code: 'GS_REGULARIZER_UNKNOWN', where: 'regularizers/regularizer', kind: 'regularizer' } as const;
  if (isConfig(nameOrFunction)) return lookup(byName, nameOrFunction.type.toLowerCase(), known)(nameOrFunction.config);
  return lookup(byName, nameOrFunction, known)({});
}
