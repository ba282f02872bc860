import type { Reduction } from './reduction.js';

/** Options that every loss has. */
export interface LossOptions {
  /** How the values become one number; null is `none`. Default `sumOverBatchSize`. */
  readonly reduction?: Reduction | null;
  /** The loss's name in its config. Default: the name of the function that makes it. */
  readonly name?: string;
}
