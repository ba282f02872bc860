import type { Config } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * What a weight is turned into after each update: from the weight to a tensor of the same shape.
 *
 * One's own function works wherever one of this package does. `config` says how to make it again; a function without one cannot be saved
 * with a model.
 */
export type Constraint = ((weight: Tensor) => Tensor) & { readonly config?: Config };
