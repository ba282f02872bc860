import type { Activation } from '@gradstream/activations';
import type { Config } from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import type { BiasOptions, KernelOptions } from '../kernel-and-bias-options.js';
import type { LayerOptions } from '../layer-options.js';

/** Options of every recurrent cell. The kernel is that of the input. Parts are given by name or as the function itself. */
export interface CellOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** Of the output, or of the candidate where there are gates. Default `tanh`. */
  readonly activation?: string | Activation;
  /** Adds a bias. Default true. */
  readonly useBias?: boolean;
  /** Of the state's weights. Default `orthogonal`. */
  readonly recurrentInitializer?: string | Config | Initializer;
  readonly recurrentRegularizer?: string | Config | Regularizer;
  readonly recurrentConstraint?: string | Config | Constraint;
  /** The share of the input that is dropped while training, from 0 to 1: the same elements in all steps of a sequence. Default 0. */
  readonly dropout?: number;
  /** The share of the state that is dropped on its way into the product with the recurrent kernel. Default 0. */
  readonly recurrentDropout?: number;
}

/** Options of cells with gates. */
export interface GatedCellOptions extends CellOptions {
  /** Of the gates. Default `sigmoid`. */
  readonly recurrentActivation?: string | Activation;
}

/** Options of `lstmCell`. */
export interface LstmCellOptions extends GatedCellOptions {
  /** The forget gate's bias begins at 1, the others as the initializer says. Default true. */
  readonly unitForgetBias?: boolean;
}

/** Options of `gruCell`. */
export interface GruCellOptions extends GatedCellOptions {
  /** The reset gate acts after the product with the recurrent kernel, which then has a bias of its own. Default true. */
  readonly resetAfter?: boolean;
}
