import {
  any,
  cast,
  cumsum,
  expandDims,
  greater,
  reshape,
  slice,
  where,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { SequenceRun } from './run-sequence.js';

/**
 * The outputs of a run whose output is its state: `h` are the states after each step, or after the last, where masked steps keep the state.
 *
 * A repeated output is the state itself, but for the steps before the first real one: there the output is zero and the state the initial one.
 */
export function maskOutput(
  h: Tensor,
  mask: Tensor,
  { zeroOutputForMask, returnSequences, initial }: SequenceRun,
): Tensor {
  if (!zeroOutputForMask && initial === undefined) return h;
  const [batch, steps] = mask.shape as [number, number];
  if (returnSequences) {
    const shown = zeroOutputForMask ? mask : greater(cumsum(cast(mask, 'int32'), 1), 0);
    return where(expandDims(shown, -1), h, zerosLike(h));
  }
  const shown = zeroOutputForMask ? slice(mask, [0, steps - 1], [batch, 1]) : any(mask, 1);
  return where(reshape(shown, [batch, 1]), h, zerosLike(h));
}
