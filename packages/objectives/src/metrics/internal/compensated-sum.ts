import { add, sub, type Tensor } from '@tensorflow/tfjs-core';

/** A running sum and the rounding error that it lacks: two float32 words, about 48 bits (Kahan's summation). */
export type CompensatedSum = readonly [sum: Tensor, lack: Tensor];

/** Adds a term, element by element: what the last addition rounded off goes into this one. */
export function addCompensated([sum, lack]: CompensatedSum, term: Tensor): [Tensor, Tensor] {
  const corrected = sub(term, lack);
  const next = add(sum, corrected);
  return [next, sub(sub(next, sum), corrected)];
}
