import type { Config } from '@gradstream/core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/**
 * A penalty on a weight, added to the loss: from the weight to a scalar.
 *
 * One's own function works wherever one of this package does. `config` says how to make it again; a function without one cannot be saved
 * with a model.
 */
export type Regularizer = ((weight: Tensor) => Scalar) & { readonly config?: Config };
