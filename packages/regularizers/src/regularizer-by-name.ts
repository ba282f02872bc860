import { checkOptions, isConfig, lookup, type Config, type Json } from '@gradstream/core';
import { klSparsity } from './kl-sparsity.js';
import { l1 } from './l1.js';
import { l1l2 } from './l1l2.js';
import { l2 } from './l2.js';
import { orthogonal } from './orthogonal.js';
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
  orthogonal,
  klSparsity,
};

/** Other words that Keras takes, and its class names. */
const ALIASES: Readonly<Record<string, string>> = {
  L1: 'l1',
  L2: 'l2',
  L1L2: 'l1l2',
  l1_l2: 'l1l2',
  OrthogonalRegularizer: 'orthogonal',
  orthogonalRegularizer: 'orthogonal',
  orthogonal_regularizer: 'orthogonal',
  KlSparsity: 'klSparsity',
};

/**
 * A regularizer by name with its default options, `l1l2`, `l1_l2` or `L1L2`, or from the config of one; a function is given back unchanged.
 *
 * Throws `GS_REGULARIZER_UNKNOWN` for anything else.
 */
export function regularizer(nameOrFunction: string | Regularizer | Config): Regularizer {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const { type, config } = isConfig(nameOrFunction) ? nameOrFunction : { type: nameOrFunction, config: {} };
  const name = Object.hasOwn(ALIASES, type) ? ALIASES[type] : type;
  return lookup(byName, name, {
    code: 'GS_REGULARIZER_UNKNOWN',
    where: 'regularizers/regularizer',
    kind: 'regularizer',
  })(config);
}
