import type { Tensor } from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { unrecorded } from './unrecorded.js';

/** The same numbers as a tensor of its own that nothing is differentiated through: for states and targets that are to be taken as they are. */
export function stopGradient(x: Tensor): Tensor {
  return unrecorded(() => alias(x));
}
