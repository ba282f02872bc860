import { checkOptions, isConfig, lookup, type Config, type Json } from '@gradstream/core';
import type { Constraint } from './constraint.js';
import { maxNorm } from './max-norm.js';
import { minMaxNorm } from './min-max-norm.js';
import { nonNegative } from './non-negative.js';
import { unitNorm } from './unit-norm.js';

type Options = Readonly<Record<string, Json>>;

const nonNegativeFrom = (options: Options): Constraint => {
  checkOptions('constraints/nonNegative', options, []);
  return nonNegative();
};

/** By name; `nonNeg` is what Keras calls `nonNegative`. */
const byName: Readonly<Record<string, (options: Options) => Constraint>> = {
  maxNorm,
  minMaxNorm,
  nonNegative: nonNegativeFrom,
  unitNorm,
  nonNeg: nonNegativeFrom,
};

/**
 * A constraint by name, `maxNorm`, `max_norm` or `MaxNorm`, with its default options, or from the config of one; a function is given back unchanged.
 *
 * Throws `GS_CONSTRAINT_UNKNOWN` for anything else.
 */
export function constraint(nameOrFunction: string | Constraint | Config): Constraint {
  if (typeof nameOrFunction === 'function') return nameOrFunction;
  const { type, config } = isConfig(nameOrFunction) ? nameOrFunction : { type: nameOrFunction, config: {} };
  // A class name begins with a small letter here.
  const name = typeof type === 'string' ? type.charAt(0).toLowerCase() + type.slice(1) : type;
  return lookup(byName, name, {
    code: 'GS_CONSTRAINT_UNKNOWN',
    where: 'constraints/constraint',
    kind: 'constraint',
  })(config);
}
