import type { Config } from '@gradstream/core';
import { initializer as findInitializer, type Initializer } from '@gradstream/initializers';
import { regularizer as findRegularizer, type Regularizer } from '@gradstream/regularizers';
import { constraint as findConstraint, type Constraint } from '@gradstream/regularizers/constraints';
import type { WeightSpec } from '../layer.js';

/** A weight's parts, looked up by name where names were given. */
export function weightParts(
  name: string,
  initializer: string | Config | Initializer,
  regularizer: string | Config | Regularizer | undefined,
  constraint: string | Config | Constraint | undefined,
): Omit<WeightSpec, 'shape'> {
  return {
    name,
    initializer: findInitializer(initializer),
    ...(regularizer === undefined ? {} : { regularizer: findRegularizer(regularizer) }),
    ...(constraint === undefined ? {} : { constraint: findConstraint(constraint) }),
  };
}
