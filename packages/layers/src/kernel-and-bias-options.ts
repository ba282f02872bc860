import type { Config } from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';

/** The parts of one kernel, each given by name, by its config or as the function itself. */
export interface KernelOptions {
  /** Default `glorotUniform`. */
  readonly kernelInitializer?: string | Config | Initializer;
  readonly kernelRegularizer?: string | Config | Regularizer;
  readonly kernelConstraint?: string | Config | Constraint;
}

/** The parts of a bias, each given by name, by its config or as the function itself. */
export interface BiasOptions {
  /** Default `zeros`. */
  readonly biasInitializer?: string | Config | Initializer;
  readonly biasRegularizer?: string | Config | Regularizer;
  readonly biasConstraint?: string | Config | Constraint;
}
