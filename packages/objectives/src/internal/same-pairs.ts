import { cast, equal, expandDims, eye, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from './filled.js';

/** Which pairs of labels are equal and which are not, each [n, n] of 0 and 1; without the diagonal a sample is no pair with itself. */
export function samePairs(labels: Tensor, removeDiagonal: boolean): { positive: Tensor; negative: Tensor } {
  const same = cast(equal(expandDims(labels, 1), expandDims(labels, 0)), 'float32');
  const positive = removeDiagonal ? mul(same, sub(filled(1), eye(labels.shape[0]!))) : same;
  return { positive, negative: sub(filled(1), same) };
}
