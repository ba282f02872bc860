import {
  cast,
  greater,
  isFinite,
  less,
  logicalAnd,
  max,
  oneHot,
  reshape,
  sum,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { filled } from '../../internal/filled.js';

/**
 * Whether the score of the label is among the k largest, scores [..., classes] and int32 labels [...]: fewer than k classes have a larger one, so
 * classes tied with the k-th count too. False where the label is no class or its score is not finite.
 */
export function inTopK(labels: Tensor, scores: Tensor, k: number): Tensor {
  const isLabel = cast(oneHot(labels, scores.shape.at(-1)!), 'bool');
  const ofLabel = max(where(isLabel, scores, filled(Number.NEGATIVE_INFINITY)), -1, true);
  const larger = sum(greater(scores, ofLabel), -1);
  return logicalAnd(less(larger, filled(k, 'int32')), isFinite(reshape(ofLabel, labels.shape)));
}
