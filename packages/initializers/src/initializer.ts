import type { Config, RandomKey } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The first numbers of a weight: from its shape and a random key to a float32 tensor of this shape.
 *
 * The same shape and key give the same numbers, on every backend. One's own function works wherever one of these does.
 * `config` says how to make it again; a function without one cannot be saved with a model.
 */
export type Initializer = ((shape: readonly number[], key: RandomKey) => Tensor) & { readonly config?: Config };
