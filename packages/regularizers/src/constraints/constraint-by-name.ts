import { checkOptions, lookup, type Config, type Json } from '@gradstream/core';
import { isConfig } from '../internal/is-config.js';
import type { Constraint } from './constraint.js';
import { maxNorm } from './max-norm.js';
import { nonNegative } from './non-negative.js';
import { unitNorm } from './unit-norm.js';

type Options = Readonly<Record<string, Json>>;

const nonNegativeFrom = (options: Options): Constraint => {
  checkOptions('constraints/nonNegative', options, []);
  return nonNegative();
};

/** By name; `nonNeg` is what Keras calls the second one. */
const byName: Readonly<Record<string, (options: Options) => Constraint>> = {
  maxNorm,
  nonNegative: nonNegativeFrom,
  unitNorm,
  nonNeg: nonNegativeFrom,
};

/**
 * A constraint by name, `maxNorm` or `max_norm`, with its default options, or from the config of one; a function is given back unchanged.
 *
 * Throws `GS_CONSTRAINT_UNKNOWN` for anything else.
 */
export function constraint(nameOrFunction: string | Constraint | Config): Constraint {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const known = { code: 'GS_CONSTRAINT_UNKNOWN', where: 'constraints/constraint', kind: 'constraint' } as const;
  if (!isConfig(nameOrFunction)) return lookup(byName, nameOrFunction, known)({});
  const name = nameOrFunction.type.charAt(0).toLowerCase() + nameOrFunction.type.slice(1);
  return lookup(byName, name, known)(nameOrFunction.config);
}
