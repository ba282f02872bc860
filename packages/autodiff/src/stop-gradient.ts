import type { Tensor } from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { runOperation } from './internal/run-operation.js';

/** The same numbers as a constant: no gradient flows through the result to what it was made of. Shares the data of `x`. */
export function stopGradient(x: Tensor): Tensor {
  return runOperation({ inputs: {}, forward: () => alias(x), backward: () => ({}) });
}
