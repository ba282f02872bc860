import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import type { Variable } from '@tensorflow/tfjs-core';

/** A weight of a model: its numbers under a stable path. */
export interface Weight {
  /** Layer names and the weight's own, by slashes: `dense_1/kernel`. */
  readonly path: string;
  readonly shape: readonly number[];
  /** The numbers, on the device. */
  readonly variable: Variable;
  /** Whether training changes it. Change it through the model's `freeze` and `unfreeze`. */
  readonly trainable: boolean;
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
}
