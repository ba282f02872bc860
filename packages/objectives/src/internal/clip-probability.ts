import { cast, equal, maximum, minimum, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from './filled.js';

/** Keras' epsilon: how far probabilities stay away from 0 and 1. */
export const epsilon = 1e-7;

/** Clips probabilities to [epsilon, 1 - epsilon]. NaN stays NaN on every backend (tfjs's own clip gives the lower limit on WASM). */
export function clipProbability(p: Tensor): Tensor {
  return minimum(maximum(p, filled(epsilon)), filled(1 - epsilon));
}

/** 1 where clipping left a probability as it was, 0 where it changed it: the clip's own gradient. */
export function unclipped(p: Tensor, clipped: Tensor): Tensor {
  return cast(equal(p, clipped), 'float32');
}
