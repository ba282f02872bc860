import { maximum, type Tensor } from '@tensorflow/tfjs-core';
import type { Constraint } from './constraint.js';

/** Turns negative weights into 0. Called `NonNeg` in Keras. */
export function nonNegative(): Constraint {
  const constrain = (weight: Tensor): Tensor => maximum(weight, 0);
  return Object.assign(constrain, { config: { type: 'NonNeg', config: {} } });
}
